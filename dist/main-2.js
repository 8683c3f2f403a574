const require = process.getBuiltinModule('node:module').createRequire(import.meta.url);
import {
  VERSION
} from "./shared-cli-version.js";
import {
  didYouMean,
  wrong
} from "./shared-cli-args.js";
import "./shared-policy-nearest.js";
import {
  problemLine
} from "./shared-cli-problem.js";
import {
  JailError,
  UserError
} from "./shared-model-errors.js";
import {
  EXIT
} from "./shared-model-outcome.js";
import "./shared-runtime.js";

// src/cli/help.ts
var COMMANDS = {
  run: {
    does: "Run a command in a jail and keep a record of it.",
    usage: "agent-jail run [options] -- CMD …",
    options: {
      "--policy FILE": "the policy; without one all defaults hold: no network",
      "--out DIR": "where the record goes; a new folder under .agent-jail/",
      "--backend B": "auto, nspawn, docker, vm or chroot (no isolation), in place of the policy's",
      "--setup SCRIPT": "a script that runs first, as a setup step",
      "--steps FILE": "a YAML list of steps, in place of CMD",
      "--exit-code step": "exit with the last step's own code",
      "--json": "one JSON document on stdout, and no output of the steps"
    }
  },
  check: {
    does: "Look for mistakes in a policy; each is a line file:line:column: message.",
    usage: "agent-jail check [--json] FILE",
    options: { "--json": "the problems as JSON" }
  },
  explain: {
    does: "Print the policy with every default filled in, and where it is weak.",
    usage: "agent-jail explain [--json] [FILE]",
    options: { "--from-record DIR": "the network that this run needed, in place of a policy", "--json": "the same as JSON" }
  },
  verify: {
    does: "Check a record: exit 0 intact, 4 cut off but valid as far as it goes, 3 broken.",
    usage: "agent-jail verify [--json] DIR",
    options: { "--json": "the result as JSON" }
  },
  apply: {
    does: "Bring the changes of a record into a checkout: all of them or none.",
    usage: "agent-jail apply DIR --to DIR --expect SHA256 [options]",
    options: {
      "--to DIR": "the checkout, at the commit that the run began with",
      "--expect SHA256": "of the record's manifest.json, from another channel than the record",
      "--policy FILE": "the policy whose guards judge the record; without one the defaults",
      "--only GLOB": "only changes of these paths; several globs stand on lines of their own",
      "--check": "look whether it can be done, and write nothing",
      "--commit MESSAGE": "commit what was applied, without running hooks",
      "--author NAME": "`Name <address>`, in place of git's own settings",
      "--on-review R": "pass or fail: whether a review guard stops it (exit 4)",
      "--runs-later R": "refuse or allow: files that tools run or obey by themselves",
      "--repository R": "owner/name that the record must be of, or any",
      "--run ID": "workflow run that the record must be of, or any",
      "--forks R": "refuse or allow: records about the commit of a fork",
      "--undo": "take back an apply that was killed",
      "--json": "the result as JSON"
    }
  },
  report: {
    does: "Make report.html, transcript.cast and summary.md of a record again; exit as verify does.",
    usage: "agent-jail report [options] DIR",
    options: {
      "--out DIR": "where they go; a new folder DIR.report",
      "--cast VERSION": "v2, or v3: of the asciicast",
      "--json": "where they are, and whether the record is intact, as JSON"
    }
  },
  suite: {
    does: "Evaluate agents: run the tasks of a suite, compare with earlier nights.",
    usage: "agent-jail suite COMMAND …",
    options: { "--help": "the commands" }
  },
  model: {
    does: "Serve a model that follows a script, or a recording, to agents that think it is a real one.",
    usage: "agent-jail model [options] SCRIPT|CASSETTE [-- CMD …]",
    options: {
      "--listen HOST:PORT": "an IP address and a port; 127.0.0.1:0, which is any free port",
      "--log FILE": "what was asked and answered, as NDJSON; never keys",
      "--seed N": "of the chances in the script; 0",
      "--require-key NAME": "refuse keys that are not the value of this environment variable",
      "--record FILE": "write a cassette: pass requests on to a real model, and keep its answers",
      "--upstream URL": "with --record: scheme and host of that model",
      "--key NAME": "with --record: the variable whose value stands for the client's key there",
      "--mask NAMES": "variables whose values are kept out of cassette and log, with commas between",
      "--loose": "give a cassette's answers in their order, whatever is asked",
      "--pace": "give them as slowly as they came",
      "--json": "where it listens as JSON"
    }
  },
  doctor: {
    does: "Tell whether this machine can build a jail, and what is missing.",
    usage: "agent-jail doctor [--measure | --clean] [--json]",
    options: {
      "--measure": "run each backend that can be used three times, and say how long it takes",
      "--clean": "remove what dead runs left on this machine",
      "--json": "the findings as JSON"
    }
  }
};
function help(name) {
  if (name === void 0) {
    const lines2 = Object.entries(COMMANDS).map(([command, { does: does2 }]) => `  ${command.padEnd(9)}${does2}`);
    const more = "agent-jail COMMAND --help says more about one.";
    return ["Usage: agent-jail COMMAND …", "", ...lines2, "", more, ""].join("\n");
  }
  if (!Object.hasOwn(COMMANDS, name)) throw wrong(`there is no command ${JSON.stringify(name)}`, "See `agent-jail --help`.");
  const { does, usage, options } = COMMANDS[name];
  const lines = Object.entries(options).map(([option, meaning]) => `  ${option.padEnd(17)} ${meaning}`);
  return [`Usage: ${usage}`, "", does, "", ...lines, ""].join("\n");
}

// src/cli/main.ts
var LOAD = {
  run: async () => (await import("./run.js")).run,
  check: async () => (await import("./check.js")).check,
  explain: async () => (await import("./explain.js")).explainCommand,
  verify: async () => (await import("./verify.js")).verifyCommand,
  apply: async () => (await import("./apply-2.js")).applyCommand,
  report: async () => (await import("./report.js")).reportCommand,
  suite: async () => (await import("./suite-2.js")).suiteCommand,
  model: async () => (await import("./model.js")).modelCommand,
  doctor: async () => (await import("./doctor.js")).doctorCommand
};
async function cli(argv, io) {
  try {
    const [name = "", ...rest] = argv;
    const flags = rest.slice(0, rest.includes("--") ? rest.indexOf("--") : rest.length);
    if (name === "--version") return say(io, `${VERSION}
`);
    if (name === "help" || name === "--help" || name === "-h") return say(io, help(rest[0]));
    if (name === "") {
      io.err(help());
      return EXIT["usage-error"];
    }
    if (!isCommand(name)) {
      throw wrong(`there is no command ${JSON.stringify(name)}`, didYouMean(name, Object.keys(COMMANDS)) || "See `agent-jail --help`.");
    }
    if (name !== "suite" && (flags.includes("--help") || flags.includes("-h"))) return say(io, help(name));
    const command = await LOAD[name]();
    return await command(rest, io);
  } catch (error) {
    return report(error, io);
  }
}
function report(error, io) {
  if (error instanceof UserError) {
    for (const problem of error.problems) io.err(`${problemLine(problem)}
`);
    return EXIT["usage-error"];
  }
  if (error instanceof JailError) {
    io.err(`${problemLine(error)}
`);
    return EXIT["jail-error"];
  }
  io.err(`agent-jail: unexpected: ${error instanceof Error ? error.stack ?? error.message : String(error)}
`);
  return EXIT["jail-error"];
}
function isCommand(name) {
  return Object.hasOwn(COMMANDS, name);
}
function say(io, text) {
  io.out(text);
  return 0;
}
export {
  cli
};
