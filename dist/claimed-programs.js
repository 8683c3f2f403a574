import {
  MISMATCH
} from "./shared-guard-claims.js";
import {
  Bag,
  counted
} from "./shared-guard-bag.js";
import "./shared-guard-globs.js";
import "./shared-ignore.js";
import {
  displayText
} from "./shared-record-display.js";
import "./shared-runtime.js";

// src/guard/claimed-programs.ts
var RUNS = {
  command: ["Bash", "bash", "shell", "run_shell_command", "command_execution"],
  cmd: ["exec_command", "bash"]
};
var NO_PROGRAM = new Set(
  `alias bg bind break builtin caller case cd command compgen complete continue coproc declare dirs disown do done echo elif else enable esac
  eval exec exit export false fc fg fi for function getopts hash help history if in jobs kill let local logout mapfile popd printf pushd pwd
  read readarray readonly return select set shift shopt source suspend test then time times trap true type typeset ulimit umask unalias unset
  until wait while nvm sdk rvm conda mamba workon deactivate`.split(/\s+/)
);
var PLAIN = /^([A-Za-z][\w.+-]*)(?=\s|$)/;
var INTERPRETERS = /(?:^|\/)(?:\w*sh|env|busybox|python[\d.]*|node|bun|deno|perl|ruby|php|java|npm|npx|uv|make)$/;
function claimedPrograms({ steps }) {
  const names = /* @__PURE__ */ new Set();
  for (const { tool_calls: calls = [], observation } of steps) {
    for (const { tool_call_id: id, function_name: tool, arguments: args } of calls) {
      const result = observation?.results.find(({ source_call_id: of }) => of === id);
      if (result === void 0 || result.extra?.["failed"] === true) continue;
      const argument = Object.keys(RUNS).find((key) => RUNS[key]?.includes(tool) === true && typeof args[key] === "string");
      const [, name] = PLAIN.exec(argument === void 0 ? "" : String(args[argument]).trim()) ?? [];
      if (name !== void 0 && !NO_PROGRAM.has(name)) names.add(name);
    }
  }
  return names;
}
async function unseenPrograms(trajectory, programs, record) {
  if (programs === void 0 || programs.source === "none" || programs.lost > 0 || programs.omitted > 0) return [];
  const missing = new Set(claimedPrograms(trajectory));
  if (missing.size === 0) return [];
  const lines = record.lines("programs.ndjson");
  for await (const { program, argv } of lines) {
    if (argv === null && INTERPRETERS.test(program ?? "")) return [];
    for (const word of [program ?? "", ...argv ?? []]) missing.delete(word.slice(word.lastIndexOf("/") + 1));
  }
  if (!lines.complete || missing.size === 0) return [];
  const bag = new Bag();
  for (const name of [...missing].sort()) bag.add(displayText(name));
  return [bag.finding(MISMATCH, `${counted(bag.count, "program")} that the agent says it ran, and that did not run`)];
}
export {
  claimedPrograms,
  unseenPrograms
};
