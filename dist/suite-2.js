import {
  didYouMean,
  wrong
} from "./shared-cli-args.js";
import "./shared-policy-nearest.js";
import "./shared-model-errors.js";
import "./shared-runtime.js";

// src/cli/suite-help.ts
var SUITE_COMMANDS = {
  run: {
    does: "Run the trials of a suite, and judge each.",
    usage: "agent-jail suite run [options] SUITE",
    options: {
      "--agent NAME": "an agent of the suite, or oracle (the solutions of the tasks) or null (does nothing)",
      "--backend B": "auto, nspawn, docker or vm, in place of the policies'",
      "--out DIR": "where results and records go; a new folder under .agent-jail/",
      "--resume DIR": "go on with a run that was cut off: what is finished is not run again",
      "--filter LIST": "tasks: names, na*es, tag:names, with ! before what is left out; joined by commas",
      "--trials N": "how often each task is tried, in place of the suite's",
      "--jobs N": "trials at a time; default: as many as processors and memory allow",
      "--seed N": "in place of the suite's",
      "--fail-fast": "skip the rest after the first trial that does not pass",
      "--build": "build images for tasks that need one, outside of any jail",
      "--shard I/N": "a part of a plan, with --plan and --units as `suite plan` gives them",
      "--plan SHA256": "of the plan",
      "--units LIST": "tasks and trials of this shard",
      "--suspects FILE": "further trials of what a comparison suspects, as `suite compare --json` printed it",
      "--json": "the result as one JSON document on stdout"
    }
  },
  plan: {
    does: "Spread the trials of a suite over jobs: prints a matrix for GitHub's strategy.",
    usage: "agent-jail suite plan --shards N [options] SUITE",
    options: {
      "--shards N": "jobs, at most 256",
      "--past LIST": "earlier results, whose durations balance the shards; joined by commas",
      "--agent NAME": "as for run",
      "--filter LIST": "as for run",
      "--trials N": "as for run",
      "--seed N": "as for run",
      "--json": "the plan beside the matrix"
    }
  },
  merge: {
    does: "Join the results of all shards of a plan.",
    usage: "agent-jail suite merge [options] SHARD…",
    options: {
      "--out DIR": "where the joined results go; a new folder under .agent-jail/",
      "--allow-cut": "take what there is of a shard that was cut off",
      "--json": "the result as one JSON document on stdout"
    }
  },
  compare: {
    does: "Compare results with those of earlier nights.",
    usage: "agent-jail suite compare RESULTS --baseline FILE… [options]",
    options: {
      "--baseline FILE": "earlier results; can be given many times",
      "--confirm FILE": "further trials of what an earlier comparison suspected",
      "--min-effect X": "a drop that is smaller is no regression (0.05)",
      "--alpha X": "chance of a false alarm (0.05)",
      "--min-visible X": "inconclusive where no drop as small as this could have been seen (0.25)",
      "--min-ratio X": "durations, tokens and the like have drifted from this ratio of medians on (1.5)",
      "--max-infra X": "inconclusive where a larger share of trials was not measured (0.1)",
      "--permutations N": "where not all can be counted (10000)",
      "--seed N": "of what is drawn",
      "--fail-on LIST": "regression, violation, tampered, missing, infra, inconclusive, flaky, or kinds of drift; the first four",
      "--on-inconclusive R": "pass or fail (exit 4)",
      "--out FILE": "where comparison.json goes",
      "--json": "the comparison on stdout, with what failed and what is suspected"
    }
  },
  report: {
    does: "Write reports of results: suite.html, suite.json, junit.xml, summary.md.",
    usage: "agent-jail suite report [options] RESULTS",
    options: {
      "--out DIR": "where they go; beside the results unless given",
      "--nights LIST": "earlier results for the picture of nights, joined by commas",
      "--json": "where they are, as JSON"
    }
  },
  regrade: {
    does: "Judge the runs of the agent in a folder of results once more.",
    usage: "agent-jail suite regrade [options] RESULTS",
    options: {
      "--suite FILE": "the suite file with the verifiers that judge",
      "--out DIR": "where the new results go",
      "--backend B": "auto, nspawn, docker or vm, in place of the policies'",
      "--jobs N": "trials at a time",
      "--build": "as for run",
      "--json": "the result as one JSON document on stdout"
    }
  }
};
function suiteHelp(name) {
  if (name === void 0) {
    const lines2 = Object.entries(SUITE_COMMANDS).map(([command, { does: does2 }]) => `  ${command.padEnd(9)}${does2}`);
    return ["Usage: agent-jail suite COMMAND …", "", ...lines2, "", "agent-jail suite COMMAND --help says more about one.", ""].join("\n");
  }
  const { does, usage, options } = SUITE_COMMANDS[name];
  const lines = Object.entries(options).map(([option, meaning]) => `  ${option.padEnd(17)} ${meaning}`);
  return [`Usage: ${usage}`, "", does, "", ...lines, ""].join("\n");
}

// src/cli/suite.ts
var LOAD = {
  run: async () => (await import("./suite-run.js")).suiteRun,
  plan: async () => (await import("./suite-plan.js")).suitePlan,
  compare: async () => (await import("./suite-compare.js")).suiteCompare,
  report: async () => (await import("./suite-report.js")).suiteReport,
  merge: async () => (await import("./suite-merge.js")).suiteMerge,
  regrade: async () => (await import("./suite-regrade.js")).suiteRegrade
};
async function suiteCommand(argv, io) {
  const [name = "", ...rest] = argv;
  if (name === "" || name === "--help" || name === "-h") {
    io.out(suiteHelp());
    return name === "" ? 2 : 0;
  }
  if (!Object.hasOwn(SUITE_COMMANDS, name))
    throw wrong(
      `there is no command \`suite ${name}\``,
      didYouMean(name, Object.keys(SUITE_COMMANDS), "suite ") || "See `agent-jail suite --help`."
    );
  if (rest.includes("--help") || rest.includes("-h")) {
    io.out(suiteHelp(name));
    return 0;
  }
  const command = await LOAD[name]();
  return command(rest, io);
}
export {
  suiteCommand
};
