const { setTimeout: sleep } = process.getBuiltinModule("node:timers/promises");
import {
  get
} from "./shared-action-event.js";

// src/action/github.ts
var PATIENCE = 15e3;
var BACKOFF = [1e3, 4e3];
var LARGEST = 64 << 20;
var PAGES = 26;
var GitHubError = class extends Error {
  remedy;
  /** It may work when it is asked again. */
  passing;
  constructor(message, remedy = "", passing = false) {
    super(message);
    this.remedy = remedy;
    this.passing = passing;
  }
};
var FIND = `query Find($owner: String!, $name: String!, $number: Int!, $after: String) {
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
var CREATE = `mutation Create($subject: ID!, $body: String!) {
  addComment(input: { subjectId: $subject, body: $body }) { commentEdge { node { url } } }
}`;
var UPDATE = `mutation Update($id: ID!, $body: String!) {
  updateIssueComment(input: { id: $id, body: $body }) { issueComment { url } }
}`;
var GitHub = class {
  #url;
  #token;
  constructor(url, token) {
    this.#url = url;
    this.#token = token;
  }
  /** The oldest comment by the token's own user whose text begins with `mark`: what others write is no mark. Throws GitHubError. */
  async find(repository, number, mark) {
    const [owner = "", name = ""] = repository.split("/");
    let after = null;
    for (let page = 0; page < PAGES; page += 1) {
      const answer = await this.#again(FIND, { owner, name, number, after });
      const pull = get(answer, ["repository", "pullRequest"]);
      const [id, nodes] = [get(pull, ["id"]), get(pull, ["comments", "nodes"])];
      if (typeof id !== "string" || !Array.isArray(nodes)) throw new GitHubError(`there is no pull request ${number}`, WRITE);
      const ours = nodes.find((node) => get(node, ["viewerDidAuthor"]) === true && String(get(node, ["body"])).startsWith(mark));
      if (ours !== void 0) return { pull: id, comment: String(get(ours, ["id"])) };
      if (get(pull, ["comments", "pageInfo", "hasNextPage"]) !== true) return { pull: id, comment: null };
      after = String(get(pull, ["comments", "pageInfo", "endCursor"]));
    }
    throw new GitHubError("it has more comments than are looked through");
  }
  /** Returns the comment's address. Asked once: an answer that was lost would make two of it. Throws GitHubError. */
  async create(pull, body) {
    return String(get(await this.#ask(CREATE, { subject: pull, body }), ["addComment", "commentEdge", "node", "url"]));
  }
  async update(comment, body) {
    return String(get(await this.#again(UPDATE, { id: comment, body }), ["updateIssueComment", "issueComment", "url"]));
  }
  async #again(query, variables) {
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
  async #ask(query, variables) {
    const { status, text } = await this.#post(JSON.stringify({ query, variables }));
    const answer = parse(text);
    if (status !== 200) throw refusal(status, get(answer, ["message"]));
    const errors = get(answer, ["errors"]);
    if (Array.isArray(errors) && errors.length > 0) throw refusal(String(get(errors[0], ["type"])), get(errors[0], ["message"]));
    return get(answer, ["data"]);
  }
  async #post(body) {
    const { HttpClient } = await import("./lib.js");
    const client = new HttpClient("agent-jail", [], { socketTimeout: PATIENCE, allowRedirects: false, allowRetries: false });
    const headers = { authorization: `Bearer ${this.#token}`, "content-type": "application/json" };
    try {
      const { message } = await client.post(this.#url, body, headers);
      const pieces = [];
      let size = 0;
      for await (const piece of message) {
        size += piece.length;
        if (size > LARGEST) throw new Error("the answer is too large");
        pieces.push(piece);
      }
      return { status: message.statusCode ?? 0, text: Buffer.concat(pieces).toString() };
    } catch (error) {
      throw new GitHubError(`GitHub could not be asked: ${error instanceof Error ? error.message : String(error)}`, "", true);
    } finally {
      client.dispose();
    }
  }
};
var WRITE = "the job needs `permissions: pull-requests: write`; a run for the pull request of a fork never has that";
var REMEDIES = {
  401: "`github-token` is not valid",
  403: WRITE,
  404: WRITE,
  FORBIDDEN: WRITE,
  NOT_FOUND: WRITE
};
function refusal(why, message) {
  const said = typeof message === "string" && message !== "" ? `: ${message.slice(0, 200)}` : "";
  const limited = /rate limit/i.test(said);
  return new GitHubError(`GitHub answered ${why}${said}`, limited ? "" : REMEDIES[why] ?? "", typeof why === "number" && why >= 500);
}
function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

export {
  GitHubError,
  GitHub
};
