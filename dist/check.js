import {
  loadPolicy
} from "./shared-cli-policy.js";
import {
  json
} from "./shared-cli-io.js";
import "./shared-system-platform.js";
import {
  parse,
  wrong
} from "./shared-cli-args.js";
import "./shared-policy-nearest.js";
import {
  problemLine
} from "./shared-cli-problem.js";
import {
  UserError
} from "./shared-model-errors.js";
import {
  EXIT
} from "./shared-model-outcome.js";
import "./shared-runtime.js";

// src/cli/check.ts
async function check(argv, io) {
  const { options, positionals } = parse(argv, { json: "boolean" }, 1);
  const file = positionals[0];
  if (file === void 0) throw wrong("which policy? agent-jail check FILE");
  const problems = await problemsIn(file, io);
  if (options["json"]) json(io, { schema: "agent-jail/check@1", file, ok: problems.length === 0, problems });
  else if (problems.length === 0) io.out(`${file}: ok
`);
  else for (const problem of problems) io.out(`${problemLine(problem)}
`);
  return problems.length === 0 ? 0 : EXIT["usage-error"];
}
async function problemsIn(file, io) {
  try {
    await loadPolicy(file, io);
    return [];
  } catch (error) {
    if (error instanceof UserError) return error.problems;
    throw error;
  }
}
export {
  check
};
