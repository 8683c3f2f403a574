import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { LATE_OR_NEVER, withBuiltIns, withLateBuiltIns } from '../../../scripts/built-in.ts';

describe('a chunk of the bundle', () => {
  it('asks for the modules of Node by calls, before all else', () => {
    const text =
      'import {\n  x\n} from "./other.js";\nx();\nimport { readFileSync, join as join2 } from "node:fs";\nreadFileSync(join2);\n';
    expect(withBuiltIns(text)).toBe(
      'const { readFileSync, join: join2 } = process.getBuiltinModule("node:fs");\nimport {\n  x\n} from "./other.js";\nx();\nreadFileSync(join2);\n',
    );
    expect(withBuiltIns('import * as fs from "fs/promises";\n')).toBe('const fs = process.getBuiltinModule("fs/promises");\n');
    expect(withBuiltIns('import path from "path";\n')).toBe('const path = process.getBuiltinModule("path");\n');
  });

  it('keeps every other import, and the line that makes it a program', () => {
    const text = '#!/usr/bin/env node\nimport { a } from "package";\nimport "./chunk.js";\nimport c, { d } from "node:os";\n';
    expect(withBuiltIns(text)).toBe(text);
    expect(withBuiltIns('#!/usr/bin/env node\nimport { a } from "node:os";\n')).toBe(
      '#!/usr/bin/env node\nconst { a } = process.getBuiltinModule("node:os");\n',
    );
  });

  it('has a `require` where something in it calls one', () => {
    expect(withBuiltIns('require("x");\n')).toBe(
      'const require = process.getBuiltinModule(\'node:module\').createRequire(import.meta.url);\nrequire("x");\n',
    );
    expect(withBuiltIns('require_x();\n')).toBe('require_x();\n');
  });
});

describe('a program of CommonJS', () => {
  it('loads what takes long when it is used, and nothing else', () => {
    const text = '"use strict";\nvar import_node_fs = require("node:fs");\nvar import_node_crypto2 = require("node:crypto");\n';
    const late = withLateBuiltIns(text);
    expect(late).toContain('\nvar import_node_fs = require("node:fs");\n');
    expect(late).toContain('\nvar import_node_crypto2 = later("node:crypto");\n');
    const loaded: string[] = [];
    const process = { getBuiltinModule: (name: string) => (loaded.push(name), { randomInt: 4 }) };
    const use = runInNewContext(`${late}() => import_node_crypto2.randomInt;`, { process, require: () => ({}) }) as () => unknown;
    expect(loaded).toEqual([]);
    expect([use(), loaded]).toEqual([4, ['node:crypto']]);
    expect(withLateBuiltIns('"use strict";\nvar import_node_fs = require("node:fs");\n')).not.toContain('later');
  });

  it('has as late what a package imports by a short name, as a whole, or by its default', () => {
    const text = '"use strict";\nvar crypto = __toESM(require("crypto"), 1);\n    net2 = __toESM(require("node:net"));\n';
    const late = withLateBuiltIns(text, LATE_OR_NEVER);
    expect(late).not.toContain('require(');
    const process = { getBuiltinModule: (name: string) => ({ name }) };
    const use = runInNewContext(`var net2;${late}[crypto.name, crypto.default.name, net2.name];`, { process }) as string[];
    expect([...use]).toEqual(['crypto', 'crypto', 'node:net']);
    expect(withLateBuiltIns(text)).toContain('require("node:net")'); // what every run uses at once is loaded at once
  });
});
