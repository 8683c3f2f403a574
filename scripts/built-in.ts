import { isBuiltin } from 'node:module';

/** `import { a, b as c } from "node:x";`, and the forms with a default or with everything. */
const IMPORT = /^import (?:\{([^}]*)\}|\* as (\w+)|(\w+)) from "([a-z_:/]+)";\n/gm;
/** CommonJS packages call `require`. */
const REQUIRE = "const require = process.getBuiltinModule('node:module').createRequire(import.meta.url);";
const CALLED = /\brequire\b/;

/**
 * Pure: a chunk of the bundle that asks for Node's own modules by a function call. An import statement makes an ES module of each, with a
 * cell for every name, in every process: that takes longer than most of these modules themselves. The calls stand first, as imports would.
 */
export function withBuiltIns(text: string): string {
  const calls: string[] = [];
  const rest = text.replace(IMPORT, (whole, names: string | undefined, all: string | undefined, one: string | undefined, from: string) => {
    if (!isBuiltin(from)) return whole;
    const what = names === undefined ? (all ?? one) : `{${names.replace(/\b(\w+) as (\w+)\b/g, '$1: $2')}}`;
    calls.push(`const ${what} = process.getBuiltinModule("${from}");`);
    return '';
  });
  const head = [...(CALLED.test(rest) ? [REQUIRE] : []), ...calls].map((line) => `${line}\n`).join('');
  const shebang = /^#!.*\n/.exec(rest)?.[0] ?? '';
  return `${shebang}${head}${rest.slice(shebang.length)}`;
}

/** What takes ms to load, and is not needed at once. */
const LATE = ['crypto', 'fs/promises', 'http', 'tls', 'zlib'];
/** Likewise, where most that goes wrong is told before any of it is needed. */
export const LATE_OR_NEVER: readonly string[] = [...LATE, 'child_process', 'net'];
const LATER = `const later = (name) =>
  new Proxy({}, { get: (_, key) => (key === "default" ? process.getBuiltinModule(name) : process.getBuiltinModule(name)[key]) });`;

/** Pure: a program of CommonJS that loads these modules of Node when it first uses something of them. */
export function withLateBuiltIns(text: string, names: readonly string[] = LATE): string {
  // A package names them without `node:`, and what was an ES module may want all of one, or its default.
  const call = new RegExp(
    `^(\\s*(?:var )?\\w+ = )(?:__toESM\\()?require\\("((?:node:)?(?:${names.join('|')}))"\\)(?:(?:, 1)?\\))?;$`,
    'gm',
  );
  const late = text.replace(call, '$1later("$2");');
  return late === text ? text : late.replace('"use strict";\n', `"use strict";\n${LATER}\n`);
}
