const { relative, resolve } = process.getBuiltinModule("node:path");
import {
  Refusal,
  STATE_EXIT,
  bring,
  findTarget,
  undo
} from "./shared-guard-changes.js";
import "./shared-system-ndjson.js";
import "./shared-system-untar.js";
import "./shared-guard-claims.js";
import "./shared-guard-bag.js";
import {
  loadPolicy
} from "./shared-cli-policy.js";
import {
  json
} from "./shared-cli-io.js";
import "./shared-record-verify.js";
import "./shared-record-write.js";
import "./shared-record-schema.js";
import "./shared-model-changes.js";
import "./shared-system-platform.js";
import "./shared-system-tar.js";
import "./shared-system-git.js";
import {
  Only,
  callerIdentity,
  personOf
} from "./shared-cli-only.js";
import "./shared-guard-globs.js";
import "./shared-ignore.js";
import "./shared-policy-rules.js";
import "./shared-system-exec.js";
import "./shared-record-ndjson.js";
import "./shared-record-error.js";
import "./shared-valibot.js";
import "./shared-model-record.js";
import "./shared-record-display.js";
import "./shared-policy-units.js";
import {
  parse,
  wrong
} from "./shared-cli-args.js";
import "./shared-policy-nearest.js";
import "./shared-model-trajectory.js";
import {
  forTerminal
} from "./shared-transcript-escapes.js";
import {
  withRemedy
} from "./shared-cli-problem.js";
import "./shared-model-errors.js";
import "./shared-model-outcome.js";
import "./shared-runtime.js";

// src/cli/apply.ts
var OPTIONS = {
  to: "string",
  expect: "string",
  policy: "string",
  only: "string",
  check: "boolean",
  commit: "string",
  author: "string",
  "on-review": "string",
  "runs-later": "string",
  repository: "string",
  run: "string",
  forks: "string",
  undo: "boolean",
  json: "boolean"
};
async function applyCommand(argv, io) {
  const args = parse(argv, OPTIONS, 1);
  if (args.options["undo"] !== void 0) return await undoCommand(args, io);
  const brought = await bring(await wishOf(args, io));
  if (args.options["json"] !== void 0) json(io, documentOf(brought));
  else print(brought, io);
  return STATE_EXIT[brought.state];
}
async function wishOf({ options, positionals: [record] }, io) {
  const { expect, policy: file, commit: message, author } = options;
  if (record === void 0) throw wrong("which record? agent-jail apply DIR --to DIR --expect SHA256");
  if (expect === void 0) throw wrong("--expect is missing", EXPECT);
  if (!/^[0-9a-f]{64}$/.test(expect)) throw wrong("--expect is not a SHA-256 of 64 hexadecimal digits", EXPECT);
  if (author !== void 0 && message === void 0) throw wrong("--author only means something together with --commit");
  if (message?.trim() === "") throw wrong("--commit is empty", "Give the message of the commit.");
  const person = author === void 0 ? null : personOf(author);
  if (author !== void 0 && person === null) throw wrong(`--author ${JSON.stringify(author)} is not Name <address>`);
  const to = target(options, io);
  const { policy, source } = await loadPolicy(file, io);
  return {
    record: resolve(io.cwd, record),
    to,
    expect,
    policy: { policy, source: within(to, source, io) },
    origin: {
      server: null,
      repository: anyOr(options["repository"] ?? io.env["GITHUB_REPOSITORY"]),
      run: anyOr(options["run"] ?? io.env["GITHUB_RUN_ID"]),
      forks: choice(options, "forks", ["refuse", "allow"]) === "allow"
    },
    only: Only.parse(options["only"] ?? "", "--only"),
    allowRunsLater: choice(options, "runs-later", ["refuse", "allow"]) === "allow",
    stopOnReview: choice(options, "on-review", ["pass", "fail"]) === "fail",
    check: options["check"] !== void 0,
    commit: message === void 0 ? null : async ({ top }) => ({ message, ...person ?? await callerIdentity(top, io.env) })
  };
}
var EXPECT = "Take it from the run itself (the output `manifest-sha256`, `manifest` of `run --json`), never from the record.";
function target({ to }, io) {
  if (to === void 0) throw wrong("--to is missing", "Name the checkout that the changes go into.");
  return resolve(io.cwd, to);
}
function within(to, source, io) {
  return source.kind === "file" ? { ...source, file: relative(to, resolve(io.cwd, source.file)) } : source;
}
var anyOr = (value) => value === void 0 || value === "" || value === "any" ? null : value;
function choice(options, name, [first, second]) {
  const value = options[name] ?? first;
  if (value !== first && value !== second) throw wrong(`--${name} ${JSON.stringify(value)} is not one of ${first}, ${second}`);
  return value;
}
async function undoCommand({ options }, io) {
  const to = target(options, io);
  try {
    const done = await undo(await findTarget(to));
    if (options["json"] !== void 0) json(io, { schema: "agent-jail/apply-undo@1", done });
    else io.out(done === null ? "nothing to undo\n" : `an apply that was cut off: ${done}
`);
    return 0;
  } catch (error) {
    if (error instanceof Refusal) throw wrong(error.message, error.remedy);
    throw error;
  }
}
function documentOf({ conclusion, ...rest }) {
  const { run, outcome, findings, manifest } = conclusion ?? { run: null, outcome: null, findings: [], manifest: null };
  return { schema: "agent-jail/apply@1", ...rest, id: run?.id ?? null, outcome, findings, manifest };
}
function print({ state, because, remedy, what, more, conclusion, changed, leftOut, commit, warnings }, io) {
  const line = (text) => `${forTerminal(text).replaceAll("\n", " ")}
`;
  for (const warning of warnings) io.err(line(`agent-jail: warning: ${warning}`));
  const fine = STATE_EXIT[state] === 0;
  const say = (text) => fine ? io.out(text) : io.err(text);
  say(line(`agent-jail: ${state}: ${withRemedy(because, remedy)}`));
  for (const item of what) say(line(`  ${item}`));
  if (more > 0) say(line(`  and ${more} more`));
  if (!fine) return;
  for (const finding of conclusion?.findings ?? []) say(line(`  to be reviewed: ${finding.message}: ${finding.what.join(", ")}`));
  const { ignored = 0, gitDir = 0, unasked = 0 } = leftOut ?? {};
  say(line(`  ${changed} paths; left out: ${ignored} that git ignores, ${gitDir} of git's own directory, ${unasked} not asked for`));
  if (commit !== null) say(line(`  commit ${commit}`));
}
export {
  applyCommand
};
