#!/usr/bin/env node
import { unfitNode } from './cli/node.ts';
import { EXIT } from './model/outcome.ts';

const unfit = unfitNode(process.versions.node);
if (unfit === null) {
  // Not before: an older Node would fail somewhere in the middle of it.
  const [{ processIo }, { cli }] = await Promise.all([import('./cli/io.ts'), import('./cli/main.ts')]);
  process.exitCode = await cli(process.argv.slice(2), processIo());
  // A warden that was started early and has nothing to do ends with this process.
  setTimeout(() => process.exit(), 100).unref();
} else {
  process.stderr.write(`${unfit}\n`);
  process.exitCode = EXIT['jail-error'];
}
