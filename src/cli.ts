#!/usr/bin/env node
import { unfitNode } from './cli/node.ts';

const unfit = unfitNode(process.versions.node);
if (unfit !== null) {
  process.stderr.write(`${unfit}\n`);
  process.exitCode = (await import('./model/outcome.ts')).EXIT['jail-error'];
} else if (process.argv[2] === 'run') {
  (await import('node:module')).createRequire(import.meta.url)('./cli-run.cjs');
} else {
  // Not before: an older Node would fail somewhere in the middle of it.
  const [{ processIo }, { cli }, { end }] = await Promise.all([import('./cli/io.ts'), import('./cli/main.ts'), import('./cli/end.ts')]);
  end(await cli(process.argv.slice(2), processIo()));
}
