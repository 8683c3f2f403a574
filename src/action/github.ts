import { setTimeout as sleep } from 'node:timers/promises';
import { get } from './event.ts';

/** ms that GitHub may take to answer. */
const PATIENCE = 15_000;
/** Waits between tries of what may be asked twice, ms. */
const BACKOFF = [1000, 4000];
/** Bytes of an answer: a hundred comments of the largest size. */
const LARGEST = 64 << 20;
/** Pages of a hundred comments: a pull request has at most 2,500. */
const PAGES = 26;

/** GitHub did not do it. */
export class GitHubError extends Error {
  readonly remedy: string;
  /** It may work when it is asked again. */
  readonly passing: boolean;
  constructor(message: string, remedy = '', passing = false) {
    super(message);
    this.remedy = remedy;
    this.passing = passing;
  }
}

const FIND = `query Find($owner: String!, $name: String!, $number: Int!, $after: String) {
  repository(owner: $owner, name: $name) {
    pullRequest(number: $number) {
      id
      comments(first: 100, after: $after) {
        nodes { id viewerDidAuthor body }
        pageInfo { hasNextPage endCursor }
      }
    }
  }
}`;
const CREATE = `mutation Create($subject: ID!, $body: String!) {
  addComment(input: { subjectId: $subject, body: $body }) { commentEdge { node { url } } }
}`;
const UPDATE = `mutation Update($id: ID!, $body: String!) {
  updateIssueComment(input: { id: $id, body: $body }) { issueComment { url } }
}`;

/** Ids of a pull request and of a comment on it; `comment` null: there is none yet. */
export interface Found {
  readonly pull: string;
  readonly comment: string | null;
}

/**
 * Comments on pull requests. By GraphQL and not by REST, because only that says of a comment whether the token's own user wrote it, for every
 * kind of token. `url`: `GITHUB_GRAPHQL_URL`.
 */
export class GitHub {
  readonly #url: string;
  readonly #token: string;

  constructor(url: string, token: string) {
    this.#url = url;
    this.#token = token;
  }

  /** The oldest comment by the token's own user whose text begins with `mark`: what others write is no mark. Throws GitHubError. */
  async find(repository: string, number: number, mark: string): Promise<Found> {
    const [owner = '', name = ''] = repository.split('/');
    let after: string | null = null;
    for (let page = 0; page < PAGES; page += 1) {
      const answer = await this.#again(FIND, { owner, name, number, after });
      const pull = get(answer, ['repository', 'pullRequest']);
      const [id, nodes] = [get(pull, ['id']), get(pull, ['comments', 'nodes'])];
      if (typeof id !== 'string' || !Array.isArray(nodes)) throw new GitHubError(`there is no pull request ${number}`, WRITE);
      const ours = nodes.find((node) => get(node, ['viewerDidAuthor']) === true && String(get(node, ['body'])).startsWith(mark));
      if (ours !== undefined) return { pull: id, comment: String(get(ours, ['id'])) };
      if (get(pull, ['comments', 'pageInfo', 'hasNextPage']) !== true) return { pull: id, comment: null };
      after = String(get(pull, ['comments', 'pageInfo', 'endCursor']));
    }
    throw new GitHubError('it has more comments than are looked through');
  }

  /** Returns the comment's address. Asked once: an answer that was lost would make two of it. Throws GitHubError. */
  async create(pull: string, body: string): Promise<string> {
    return String(get(await this.#ask(CREATE, { subject: pull, body }), ['addComment', 'commentEdge', 'node', 'url']));
  }

  async update(comment: string, body: string): Promise<string> {
    return String(get(await this.#again(UPDATE, { id: comment, body }), ['updateIssueComment', 'issueComment', 'url']));
  }

  async #again(query: string, variables: object): Promise<unknown> {
    for (const wait of BACKOFF) {
      try {
        return await this.#ask(query, variables);
      } catch (error) {
        if (!(error instanceof GitHubError && error.passing)) throw error;
        await sleep(wait);
      }
    }
    return await this.#ask(query, variables);
  }

  /** The `data` of an answer without errors. */
  async #ask(query: string, variables: object): Promise<unknown> {
    const { status, text } = await this.#post(JSON.stringify({ query, variables }));
    const answer = parse(text);
    if (status !== 200) throw refusal(status, get(answer, ['message']));
    const errors = get(answer, ['errors']);
    if (Array.isArray(errors) && errors.length > 0) throw refusal(String(get(errors[0], ['type'])), get(errors[0], ['message']));
    return get(answer, ['data']);
  }

  async #post(body: string): Promise<{ readonly status: number; readonly text: string }> {
    const { HttpClient } = await import('@actions/http-client');
    // The runner's client, for its proxies. A redirect would take the token elsewhere.
    const client = new HttpClient('agent-jail', [], { socketTimeout: PATIENCE, allowRedirects: false, allowRetries: false });
    const headers = { authorization: `Bearer ${this.#token}`, 'content-type': 'application/json' };
    try {
      const { message } = await client.post(this.#url, body, headers);
      const pieces: Buffer[] = [];
      let size = 0;
      for await (const piece of message as AsyncIterable<Buffer>) {
        size += piece.length;
        if (size > LARGEST) throw new Error('the answer is too large');
        pieces.push(piece);
      }
      return { status: message.statusCode ?? 0, text: Buffer.concat(pieces).toString() };
    } catch (error) {
      throw new GitHubError(`GitHub could not be asked: ${error instanceof Error ? error.message : String(error)}`, '', true);
    } finally {
      client.dispose();
    }
  }
}

const WRITE = 'the job needs `permissions: pull-requests: write`; a run for the pull request of a fork never has that';
const REMEDIES: Readonly<Record<string, string>> = {
  401: '`github-token` is not valid',
  403: WRITE,
  404: WRITE,
  FORBIDDEN: WRITE,
  NOT_FOUND: WRITE,
};

/** `why`: the status, or the type of the first error. */
function refusal(why: number | string, message: unknown): GitHubError {
  const said = typeof message === 'string' && message !== '' ? `: ${message.slice(0, 200)}` : '';
  const limited = /rate limit/i.test(said);
  return new GitHubError(`GitHub answered ${why}${said}`, limited ? '' : (REMEDIES[why] ?? ''), typeof why === 'number' && why >= 500);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}
