const { mkdirSync: mkdirSync2, mkdtempSync, rmSync, writeFileSync } = process.getBuiltinModule("node:fs");
const { tmpdir } = process.getBuiltinModule("node:os");
const { join: join2, resolve } = process.getBuiltinModule("node:path");
const { createHash } = process.getBuiltinModule("node:crypto");
const { existsSync, mkdirSync, realpathSync } = process.getBuiltinModule("node:fs");
const { join } = process.getBuiltinModule("node:path");
import {
  readSuite
} from "./shared-suite-read.js";
import {
  originOf
} from "./shared-run-origin.js";
import {
  VERSION
} from "./shared-cli-version.js";
import {
  readText
} from "./shared-cli-policy.js";
import {
  keepWardens
} from "./shared-run-warden-process.js";
import {
  json
} from "./shared-cli-io.js";
import {
  git
} from "./shared-system-git.js";
import {
  exec,
  failure
} from "./shared-system-exec.js";
import {
  UserError
} from "./shared-model-errors.js";
import {
  EXIT
} from "./shared-model-outcome.js";
import {
  __callDispose,
  __using
} from "./shared-runtime.js";

// src/cli/suite-common.ts

// src/suite/image.ts
function refuseBuild(tasks, allowed, trusted) {
  const names = tasks.filter(({ image }) => image !== null).map(({ id }) => id);
  if (names.length === 0) return null;
  const which = `${names.slice(0, 5).join(", ")}${names.length > 5 ? ` and ${names.length - 5} more` : ""}`;
  if (!allowed) return `images have to be built, outside of any jail, for: ${which}`;
  if (!trusted) return `no image is built of what this event does not make trustworthy, for: ${which}`;
  return null;
}
async function buildImages(tasks, environment, told2) {
  const built = /* @__PURE__ */ new Map();
  const ids = /* @__PURE__ */ new Map();
  for (const { id, image, place } of tasks) {
    if (image === null) continue;
    let ref = built.get(image.context);
    if (ref === void 0) {
      told2(`building the image of ${id}`);
      const argv = ["docker", "build", "--quiet", "--", image.context];
      const { PATH = "", HOME = "", DOCKER_HOST, DOCKER_CONFIG } = environment;
      const env = Object.fromEntries(
        Object.entries({ PATH, HOME, DOCKER_HOST, DOCKER_CONFIG }).filter((entry) => entry[1] !== void 0)
      );
      const result = await exec(argv, { env, timeout: image.time, cwd: image.context });
      ref = /^sha256:[0-9a-f]{64}$/m.exec(result.stdout)?.[0];
      if (result.code !== 0 || ref === void 0)
        throw new UserError([
          { message: `the image of ${id} could not be built: ${failure(argv, result)}`, remedy: "Try `docker build` there.", place }
        ]);
      built.set(image.context, ref);
    }
    ids.set(id, ref);
  }
  return ids;
}

// src/suite/start.ts
var FETCH = 30 * 6e4;
var PROTOCOLS = ["https", "http", "file", "git"].flatMap((name) => ["-c", `protocol.${name}.allow=always`]);
var ANY_COMMIT = "git -c uploadpack.allowAnySHA1InWant=true -c safe.directory=* upload-pack";
var Workspaces = class {
  #directory;
  #made = /* @__PURE__ */ new Map();
  /** `directory`: an empty one that is the caller's to remove. */
  constructor(directory) {
    this.#directory = directory;
  }
  /** Throws UserError. */
  async of({ start, place }) {
    if (start.kind === "directory") return start.path;
    const key = createHash("sha256").update(JSON.stringify(start.kind === "none" ? "none" : [start.url, start.commit])).digest("hex").slice(0, 16);
    const made = this.#made.get(key) ?? this.#make(key, start, place);
    this.#made.set(key, made);
    const checkout = await made;
    if (start.kind === "none" || start.path === "") return checkout;
    const path = join(checkout, start.path);
    if (!existsSync(path) || realpathSync(path) !== path)
      throw fail(`${start.path} is not a directory of ${start.url} at ${start.commit}`, place);
    return path;
  }
  async #make(key, start, place) {
    const checkout = join(this.#directory, key);
    mkdirSync(checkout, { mode: 493 });
    if (start.kind === "none") return checkout;
    const commands = [
      ["init", "--quiet", "."],
      ["fetch", "--quiet", "--no-tags", "--depth=1", `--upload-pack=${ANY_COMMIT}`, start.url, start.commit],
      ["checkout", "--quiet", "--detach", start.commit]
    ];
    for (const command of commands) {
      const { code, stderr } = await git(checkout, [...PROTOCOLS, ...command], { timeout: FETCH });
      if (code !== 0)
        throw fail(`${start.url} at ${start.commit} could not be checked out: ${stderr.toString().trim().split("\n").at(-1) ?? ""}`, place);
    }
    return checkout;
  }
};
var fail = (message, place) => new UserError([{ message, remedy: "Look at `repository` of the task.", place }]);

// src/cli/suite-common.ts
var loadSuite = async (file, io) => {
  const origin = await originOf(io.env);
  return { suite: readSuite(readText(file, io), file, io.cwd), trusted: origin === null || origin.head === origin.repository };
};
async function suiteFolder(out, id, io) {
  if (out !== void 0) return resolve(io.cwd, out);
  const records = join2(io.cwd, ".agent-jail");
  mkdirSync2(records, { recursive: true, mode: 448 });
  try {
    writeFileSync(join2(records, ".gitignore"), "*\n", { flag: "wx" });
  } catch (error) {
    if (error.code !== "EEXIST") throw error;
  }
  return join2(records, `suite-${id}`);
}
async function originOfRun(env) {
  const origin = await originOf(env);
  if (origin === null) return null;
  const { GITHUB_RUN_ATTEMPT = "1", GITHUB_WORKFLOW_REF = "", GITHUB_EVENT_NAME = "", GITHUB_REF = "", GITHUB_SHA = "" } = env;
  return {
    ...origin,
    attempt: Number(GITHUB_RUN_ATTEMPT) || 1,
    workflow: GITHUB_WORKFLOW_REF,
    event: GITHUB_EVENT_NAME,
    ref: GITHUB_REF,
    commit: GITHUB_SHA
  };
}
function cancelled() {
  const cancel = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.once(signal, () => cancel.abort(new Error(signal)));
  return cancel;
}
async function withBench({ suite, trusted, tasks, build, out, backend, share, io }, use) {
  const refused = refuseBuild(tasks, suite.build || build, trusted);
  if (refused !== null)
    throw new UserError([
      { message: refused, remedy: "Say `build: allow` in the suite, or --build, where you trust what it builds.", place: null }
    ]);
  const images = await buildImages(tasks, io.env, (message) => io.err(`agent-jail: ${message}
`));
  const temporary = mkdtempSync(join2(tmpdir(), "agent-jail-suite-"));
  try {
    var _stack = [];
    try {
      const wardens = __using(_stack, keepWardens(), true);
      void wardens;
      const bench = { out, version: VERSION, backend, environment: io.env, share, temporary };
      await use(
        bench,
        new Workspaces(temporary),
        tasks.map((task) => withImage(task, images.get(task.id)))
      );
    } catch (_) {
      var _error = _, _hasError = true;
    } finally {
      var _promise = __callDispose(_stack, _error, _hasError);
      _promise && await _promise;
    }
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}
function withImage(task, ref) {
  if (ref === void 0) return task;
  return { ...task, policy: { ...task.policy, jail: { ...task.policy.jail, root: { kind: "image", ref } } } };
}
function told(io, { suite, agent, results, tally, cut, json: document, more = {} }) {
  const result = tally.result(cut);
  if (document) json(io, { schema: "agent-jail/suite-result@1", suite, agent, results, ...more, ...result });
  else io.out(tally.table());
  for (const why of result.because) io.err(`agent-jail: ${why}
`);
  io.err(`agent-jail: results ${results}
`);
  return EXIT[result.outcome];
}

export {
  loadSuite,
  suiteFolder,
  originOfRun,
  cancelled,
  withBench,
  told
};
