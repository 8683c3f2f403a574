import {
  UserError
} from "./shared-model-errors.js";

// src/action/event.ts
var OBJECT_ID = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;
var ABOUT_A_MERGE = ["pull_request", "pull_request_review", "pull_request_review_comment"];
var AT_A_BRANCH = [
  "branch_protection_rule",
  "check_run",
  "check_suite",
  "create",
  "delete",
  "discussion",
  "discussion_comment",
  "fork",
  "gollum",
  "issue_comment",
  "issues",
  "label",
  "milestone",
  "page_build",
  "public",
  "pull_request_target",
  "push",
  "registry_package",
  "release",
  "repository_dispatch",
  "schedule",
  "status",
  "watch",
  "workflow_dispatch",
  "workflow_run"
];
var ABOUT_A_HEAD = ["check_run", "check_suite", "pull_request_target", "status"];
var TRUSTED_RUNS = ["push", "schedule", "workflow_dispatch"];
function decideSource(event, wish, file) {
  const trustedHead = headTrusted(event);
  if (wish === "workspace") return { kind: "workspace", file, trustedHead };
  const { name, payload, sha, ref } = event;
  if (ABOUT_A_MERGE.includes(name)) {
    const commit = id(event, ["pull_request", "base", "sha"]);
    const head = id(event, ["pull_request", "head", "sha"]);
    const branch = text(payload, ["pull_request", "base", "ref"]);
    return { kind: "base", ref: `refs/heads/${branch}`, commit, merge: OBJECT_ID.test(sha) ? { commit: sha, head } : null, trustedHead };
  }
  if (name === "merge_group") {
    const commit = id(event, ["merge_group", "base_sha"]);
    return { kind: "base", ref: text(payload, ["merge_group", "base_ref"]), commit, merge: null, trustedHead };
  }
  if (!AT_A_BRANCH.includes(name)) {
    const what = name === "" ? "this run has no event" : `the event ${JSON.stringify(name)} has no base that is known`;
    throw wrong(
      `${what}, so ${file} cannot be read at one`,
      "Give the policy inline, by the input `policy`, or ask for `policy-source: workspace`."
    );
  }
  if (!OBJECT_ID.test(sha)) throw wrong("GITHUB_SHA is not a commit, so there is no base to read the policy at", "Give the policy inline.");
  return { kind: "base", ref, commit: sha, merge: null, trustedHead };
}
function headTrusted({ name, payload }) {
  if (!AT_A_BRANCH.includes(name) || ABOUT_A_HEAD.includes(name)) return false;
  if (name === "issue_comment")
    return get(payload, ["issue", "number"]) !== void 0 && get(payload, ["issue", "pull_request"]) === void 0;
  if (name === "workflow_run") {
    const [own, head] = [text(payload, ["repository", "full_name"]), text(payload, ["workflow_run", "head_repository", "full_name"])];
    return own !== "" && own === head && TRUSTED_RUNS.includes(text(payload, ["workflow_run", "event"]));
  }
  return true;
}
function id({ name, payload }, path) {
  const found = text(payload, path);
  if (OBJECT_ID.test(found)) return found;
  throw wrong(`the event ${name} does not say its base: ${path.join(".")} is missing`, "Give the policy inline, by the input `policy`.");
}
function text(payload, path) {
  const found = get(payload, path);
  return typeof found === "string" ? found : "";
}
function get(payload, path) {
  return path.reduce(
    (node, key) => typeof node === "object" && node !== null ? node[key] : void 0,
    payload
  );
}
function wrong(message, remedy) {
  return new UserError([{ message, remedy, place: null }]);
}

export {
  OBJECT_ID,
  decideSource,
  get
};
