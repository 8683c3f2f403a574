import type { NetworkLine } from '../model/gateway.ts';
import { displayText } from '../record/display.ts';
import type { RecordReader } from '../record/read.ts';
import type { NetworkData, NetworkRow, UsageData } from './data.ts';

/** Lines of the network log that are listed, half of them what was denied. */
const LISTED = 2000;
const SAMPLES = 600;

/** @throws RecordError */
export async function gatherNetwork(record: RecordReader): Promise<NetworkData> {
  const rows: NetworkRow[] = [];
  const count = { denied: 0, allowed: 0 };
  for await (const line of record.lines('network.ndjson')) {
    count[line.verdict] += 1;
    if (count[line.verdict] <= LISTED / 2) rows.push(networkRow(line));
  }
  return { rows, total: count.denied + count.allowed, denied: count.denied };
}

function networkRow(line: NetworkLine): NetworkRow {
  const { t, step, kind, verdict, reason, bytesIn, bytesOut, ms, name, address, port, type, method, path, protocol, transport } = line;
  const what = kind === 'dns' ? [type] : [protocol === 'unknown' ? transport : protocol, method, path];
  return {
    t,
    step,
    kind,
    verdict,
    reason: displayText(reason),
    bytesIn,
    bytesOut,
    ms,
    host: `${displayText(name ?? address ?? 'unknown')}:${port}`,
    what: what.flatMap((part) => (part === null ? [] : displayText(part))).join(' '),
  };
}

/** At most so many samples: of a long run, each stands for several and has the most of them. @throws RecordError */
export async function gatherUsage(record: RecordReader): Promise<readonly UsageData[]> {
  let samples: UsageData[] = [];
  let each = 1;
  let seen = 0;
  for await (const line of record.lines('usage.ndjson')) {
    const number = (name: string): number => (typeof line[name] === 'number' ? line[name] : 0);
    const moved = number('read') + number('written');
    const sample = { t: line.t, memory: number('memory'), cpu: number('cpu'), pids: number('pids'), disk: number('disk'), moved };
    const last = samples.at(-1);
    if (seen % each === 0 || last === undefined) samples.push(sample);
    else samples[samples.length - 1] = most(last, sample);
    seen += 1;
    if (samples.length <= SAMPLES) continue;
    samples = samples.flatMap((one, at) => (at % 2 === 1 ? [] : most(one, samples[at + 1] ?? one)));
    each *= 2;
    seen = 0;
  }
  return samples;
}

const most = (a: UsageData, b: UsageData): UsageData => ({
  t: b.t,
  memory: Math.max(a.memory, b.memory),
  cpu: b.cpu,
  pids: Math.max(a.pids, b.pids),
  disk: Math.max(a.disk, b.disk),
  moved: b.moved,
});
