import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What happens to the next requests, one after the other; then all is well. */
export type Fault =
  | 'none'
  | 'forbidden'
  | 'unauthorized'
  | 'missing'
  | 'too-long'
  | 'rate-limit'
  | 'server-error'
  | 'reset'
  | 'redirect'
  | 'silent';
export interface Written {
  readonly id: string;
  /** Whose token wrote it. */
  readonly author: string;
  body: string;
}
interface Asked {
  readonly operation: string;
  readonly variables: Readonly<Record<string, string | number | null>>;
  readonly token: string;
  readonly agent: string;
  readonly result: string;
}

/** GitHub's GraphQL interface, as far as comments on one pull request go. A token's owner is the token itself. */
export class GitHubService implements AsyncDisposable {
  readonly comments: Written[] = [];
  readonly faults: Fault[] = [];
  /** Every request, in order. */
  readonly asked: Asked[] = [];
  readonly #server: Server;
  #written = 0;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(): Promise<GitHubService> {
    const server = createServer();
    const service = new GitHubService(server);
    server.on('request', (request, response) => void service.#answer(request, response));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return service;
  }

  /** As an enterprise server has it. */
  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/api/graphql`;
  }

  /** Somebody writes a comment. */
  write(author: string, body: string): Written {
    this.#written += 1;
    const comment = { id: `IC_${this.#written}`, author, body };
    this.comments.push(comment);
    return comment;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { query, variables } = JSON.parse(Buffer.concat(await request.toArray()).toString()) as {
      query: string;
      variables: Asked['variables'];
    };
    const operation = /^(?:query|mutation) (\w+)\(/.exec(query)?.[1] ?? '';
    const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
    const fault = request.url === '/api/graphql' ? this.faults.shift() : 'missing';
    const result = fault ?? 'ok';
    this.asked.push({ operation, variables, token, agent: request.headers['user-agent'] ?? '', result });
    if (fault === 'silent') return;
    if (fault === 'reset') return void request.socket.resetAndDestroy();
    const [status, body] = fault === undefined || fault === 'none' ? [200, this.#do(operation, variables, token)] : FAULTS[fault];
    response.writeHead(status, { 'content-type': 'application/json', ...(fault === 'redirect' ? { location: this.url } : {}) });
    response.end(JSON.stringify(body));
  }

  #do(operation: string, variables: Asked['variables'], token: string): object {
    const url = (id: string): string => `https://github.com/octo/repo/pull/7#${id}`;
    switch (operation) {
      case 'Find':
        return variables['owner'] === 'octo' && variables['name'] === 'repo' && variables['number'] === 7
          ? { data: { repository: { pullRequest: { id: 'PR_7', comments: this.#page(Number(variables['after'] ?? 0), token) } } } }
          : error('NOT_FOUND', 'Could not resolve to a PullRequest', { repository: { pullRequest: null } });
      case 'Create': {
        const body = String(variables['body']);
        if (variables['subject'] !== 'PR_7') return error('NOT_FOUND', 'Could not resolve to a node');
        if (body.length > 65_536) return error('UNPROCESSABLE', 'Body is too long (maximum is 65536 characters)');
        return { data: { addComment: { commentEdge: { node: { url: url(this.write(token, body).id) } } } } };
      }
      case 'Update': {
        const comment = this.comments.find(({ id }) => id === variables['id']);
        if (comment === undefined) return error('NOT_FOUND', 'Could not resolve to a node');
        // A token with write access may change anybody's comment: only the client can know better.
        comment.body = String(variables['body']);
        return { data: { updateIssueComment: { issueComment: { url: url(comment.id) } } } };
      }
      default:
        return error('undefinedField', `no operation ${operation}`);
    }
  }

  #page(from: number, token: string): object {
    const nodes = this.comments.slice(from, from + 100).map(({ id, author, body }) => ({ id, viewerDidAuthor: author === token, body }));
    const next = from + nodes.length;
    return { nodes, pageInfo: { hasNextPage: next < this.comments.length, endCursor: String(next) } };
  }
}

const error = (type: string, message: string, data: object | null = null): object => ({ data, errors: [{ type, message }] });
const FAULTS: Readonly<Record<Exclude<Fault, 'none' | 'reset' | 'silent'>, readonly [number, object]>> = {
  forbidden: [200, error('FORBIDDEN', 'Resource not accessible by integration')],
  unauthorized: [401, { message: 'Bad credentials' }],
  missing: [404, { message: 'Not Found' }],
  'too-long': [422, { message: 'Validation Failed' }],
  'rate-limit': [403, { message: 'You have exceeded a secondary rate limit' }],
  'server-error': [502, { message: 'Server Error' }],
  redirect: [307, {}],
};
