// Has a collector that waits, as in a run, collect the changes of one overlay, and prints how long that takes, in ms.
// Usage: node waiting.ts UPPER SETUP BASE MERGED OUT
import { chownSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { EVIDENCE } from '../../src/model/collector.ts';
import type { HostPath, JailPath } from '../../src/model/names.ts';
import { descriptors } from '../../src/run/collectors.ts';
import { startCollector } from '../../src/run/children.ts';

const [upper, setup, base, merged, out] = process.argv.slice(2) as HostPath[];
if (upper === undefined || setup === undefined || base === undefined || merged === undefined || out === undefined)
  throw new Error('five paths');
/** ms: longer than it takes to start; in a run a step runs meanwhile, and the collector is asked to rehearse. */
const START = 500;
mkdirSync(out, { recursive: true });
const files = EVIDENCE.map((file) => openSync(join(out, file), 'wx'));
const programs = { node: process.execPath, collector: join(import.meta.dirname, '../../dist/collector.cjs') as HostPath };
const { uid, collector } = startCollector(programs, files);
const scratch = join(out, 'scratch') as HostPath;
mkdirSync(scratch, { mode: 0o700 });
chownSync(scratch, uid, uid);
await setTimeout(START);
await collector.ask({ kind: 'rehearsal', scratch }, 10_000);
const start = process.hrtime.bigint();
await collector.ask(
  {
    kind: 'changes',
    id: '01ARZ3NDEKTSV4RRFFQ69G5FAV',
    layers: [{ layer: 'workspace', target: '/work' as JailPath, upper, lowers: [setup, base], merged, swapped: null }],
    outputs: descriptors(EVIDENCE),
    result: join(out, 'none') as HostPath,
    secrets: [],
    mask: [],
    touched: false,
    agents: [],
    scratch,
  },
  60_000,
);
console.log(Number(process.hrtime.bigint() - start) / 1e6);
collector.kill();
