#!/usr/bin/env node
import { createRequire } from 'node:module';
import { unfitNode } from './cli/node.ts';
import { EXIT } from './model/outcome.ts';

const unfit = unfitNode(process.versions.node);
if (unfit === null && process.argv[2] === 'run') {
  createRequire(import.meta.url)('./cli-run.cjs');
} else if (unfit === null) {
  // Not before: an older Node would fail somewhere in the middle of it.
  const [{ processIo }, { cli }, { end }] = await Promise.all([import('./cli/io.ts'), import('./cli/main.ts'), import('./cli/end.ts')]);
  end(await cli(process.argv.slice(2), processIo()));
} else {
  process.stderr.write(`${unfit}\n`);
  process.exitCode = EXIT['jail-error'];
}
