const { parseArgs } = process.getBuiltinModule("node:util");
import {
  nearest
} from "./shared-policy-nearest.js";
import {
  UserError
} from "./shared-model-errors.js";

// src/cli/args.ts
function parse(argv, options, positionals) {
  const end = argv.indexOf("--");
  const own = end === -1 ? argv : argv.slice(0, end);
  const config = Object.fromEntries(Object.entries(options).map(([name, type]) => [name, { type }]));
  let parsed;
  try {
    parsed = parseArgs({ args: [...own], options: config, strict: true, allowPositionals: true, tokens: true });
  } catch (error) {
    throw wrong(error instanceof Error ? error.message.split(". ")[0] ?? "" : String(error), hint(own, Object.keys(options)));
  }
  if (parsed.positionals.length > positionals) {
    const remedy = "A command for the jail stands after `--`: agent-jail run -- CMD …";
    throw wrong(`too many arguments: ${JSON.stringify(parsed.positionals[positionals])}`, "policy" in options ? remedy : "");
  }
  const values = Object.entries(parsed.values).map(([name, value]) => [name, String(value)]);
  return { options: Object.fromEntries(values), positionals: parsed.positionals, rest: end === -1 ? null : argv.slice(end + 1) };
}
var parseMany = (argv, options) => parse(argv, options, Number.POSITIVE_INFINITY);
function wrong(message, remedy = "") {
  return new UserError([{ message, remedy, place: null }]);
}
function didYouMean(value, allowed, prefix = "") {
  const best = nearest(value, allowed);
  return best === null ? "" : `Did you mean \`${prefix}${best}\`?`;
}
function hint(argv, known) {
  const unknown = argv.filter((word) => word.startsWith("-")).map((word) => word.replace(/^-+/, "").split("=")[0] ?? "").find((name) => name !== "" && !known.includes(name));
  return unknown === void 0 ? "" : didYouMean(unknown, known, "--");
}

export {
  parse,
  parseMany,
  wrong,
  didYouMean
};
