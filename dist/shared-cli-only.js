import {
  Globs,
  touched
} from "./shared-guard-globs.js";
import {
  glob
} from "./shared-policy-rules.js";
import {
  CLEAN_ENV,
  execBytes
} from "./shared-system-exec.js";
import {
  wrong
} from "./shared-cli-args.js";
import {
  UserError
} from "./shared-model-errors.js";

// src/cli/identity.ts
var VARIABLES = ["HOME", "XDG_CONFIG_HOME", "GIT_CONFIG_GLOBAL", "GIT_CONFIG_NOSYSTEM", "GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL"];
var PERSON = /^([^<>\r\n]+?) ?<([^<>\s]+)>/;
function personOf(text) {
  const [, name, email] = PERSON.exec(text.trim()) ?? [];
  return name === void 0 || email === void 0 ? null : { name, email };
}
async function callerIdentity(directory, env) {
  const own = Object.fromEntries(VARIABLES.flatMap((name) => env[name] === void 0 ? [] : [[name, env[name]]]));
  const { code, stdout } = await execBytes(["git", "-c", "user.useConfigOnly=true", "-c", "safe.directory=*", "var", "GIT_AUTHOR_IDENT"], {
    cwd: directory,
    env: { ...CLEAN_ENV, ...own }
  });
  const person = code === 0 ? personOf(stdout.toString()) : null;
  if (person === null) throw wrong("git does not know who commits", "Give `author` as Name <address>, or set user.name and user.email.");
  return person;
}

// src/cli/only.ts
var Only = class _Only {
  #all;
  #unmatched;
  constructor(globs) {
    this.#all = globs.length === 0 ? null : new Globs(globs);
    this.#unmatched = new Map(globs.filter((text) => !text.startsWith("!")).map((text) => [text, new Globs([text])]));
  }
  /** One glob a line. `file` stands in places. Throws a UserError with all that is wrong. */
  static parse(text, file) {
    const problems = [];
    const globs = text.split(/\r?\n/).flatMap((line, index) => {
      const own = line.trim();
      if (own === "") return [];
      const problem = problemOf(own);
      if (problem === null) return [own];
      problems.push({ message: problem, remedy: "", place: { file, line: index + 1, column: line.indexOf(own) + 1 } });
      return [];
    });
    if (problems.length > 0) throw new UserError(problems);
    return new _Only(globs);
  }
  matches(path) {
    if (this.#all === null) return true;
    const [seen] = touched({ ...ANY, path });
    if (seen === void 0) return false;
    for (const [text, globs] of this.#unmatched) if (globs.surely(seen)) this.#unmatched.delete(text);
    return this.#all.surely(seen);
  }
  unmatched() {
    return [...this.#unmatched.keys()];
  }
};
function problemOf(text) {
  try {
    glob(text);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  const bare = text.replace(/\\./g, "").replace(/\[[!^]?\]?[^\]]*\]/g, "");
  if (bare.includes("[")) return `${JSON.stringify(text)} has a \`[\` without its \`]\``;
  return bare.endsWith("\\") ? `${JSON.stringify(text)} ends with a \`\\\`` : null;
}
var FILE = { type: "file", mode: 420, uid: 0, gid: 0, size: 0, sha256: null, link: null };
var ANY = { layer: "workspace", flags: [], op: "added", after: FILE };

export {
  personOf,
  callerIdentity,
  Only
};
