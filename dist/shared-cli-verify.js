const { resolve } = process.getBuiltinModule("node:path");
import {
  json
} from "./shared-cli-io.js";
import {
  verify
} from "./shared-record-verify.js";
import {
  parse,
  wrong
} from "./shared-cli-args.js";
import {
  forTerminal
} from "./shared-transcript-escapes.js";

// src/cli/verify.ts
var VERIFY_CODES = { intact: 0, broken: 3, "cut-off": 4 };
async function verifyCommand(argv, io) {
  const { options, positionals } = parse(argv, { json: "boolean" }, 1);
  const dir = positionals[0];
  if (dir === void 0) throw wrong("which record? agent-jail verify DIR");
  const { state, problems, manifest } = await verify(resolve(io.cwd, dir));
  if (options["json"]) json(io, { schema: "agent-jail/verify@1", state, manifest, problems });
  else {
    io.out(`${state}${manifest === null ? "" : `, manifest sha256 ${manifest}`}
`);
    for (const problem of problems) io.out(`${forTerminal(`${problem.file}: ${problem.message}`).replaceAll("\n", " ")}
`);
  }
  return VERIFY_CODES[state];
}

export {
  VERIFY_CODES,
  verifyCommand
};
