import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { EVIDENCE } from '../../src/model/collector.ts';
import { jailed, type Ran, repository, temporary } from '../support/jail.ts';
import { settled, snapshot } from '../support/machine.ts';
import { SMALL } from '../support/steps.ts';

/** A collector as it was seen while its run went on. */
interface Seen {
  readonly uid: string;
  /** Files of the record that it could write to: each set that was seen, in order. */
  readonly open: string[];
  /** It had children that ended while it could still write to all of these. */
  rehearsed: boolean;
}

/** Runs a script and looks at every collector of that run, again and again. */
async function watch(at: string, script: string): Promise<{ ran: Ran; collectors: Seen[] }> {
  repository(at);
  const seen = new Map<string, Seen>();
  let over = false;
  const running = jailed(at, script, { policy: SMALL }).finally(() => (over = true));
  const isOver = (): boolean => over;
  while (!isOver()) {
    for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) look(pid, at, seen);
    await setImmediate();
  }
  return { ran: await running, collectors: [...seen.values()] };
}

function look(pid: string, at: string, seen: Map<string, Seen>): void {
  try {
    const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
    if (basename(words[0] ?? '') !== 'node' || !words.some((word) => word.endsWith('/collector.cjs'))) return;
    const writable = readdirSync(`/proc/${pid}/fd`).filter((fd) => isForWriting(readFileSync(`/proc/${pid}/fdinfo/${fd}`, 'utf8')));
    const links = writable.map((fd) => readlinkSync(`/proc/${pid}/fd/${fd}`));
    const record = links.filter((path) => path.startsWith(`${at}/record-`) && dirname(path) !== at);
    const open = record
      .map((path) => basename(path).replace(/ \(deleted\)$/, '')) // as the empty ones are when it ends
      .toSorted()
      .join(' ');
    if (open === '') return; // of another run, or ending
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    if (seen.has(/^PPid:\s+(\d+)/m.exec(status)?.[1] ?? '')) return; // about to become git
    const uid = /^Uid:\s+(\d+)/m.exec(status)?.[1] ?? '';
    const known = seen.get(pid) ?? { uid, open: [], rehearsed: false };
    seen.set(pid, known);
    if (open === ALL && hadChildren(readFileSync(`/proc/${pid}/stat`, 'latin1'))) known.rehearsed = true;
    if (known.open.at(-1) !== open) known.open.push(open);
  } catch {
    // it ended meanwhile
  }
}

/** proc(5): the flags of open(2), octal. */
const isForWriting = (info: string): boolean => (Number.parseInt(/^flags:\s+(\d+)/m.exec(info)?.[1] ?? '0', 8) & 3) !== 0;

/** proc(5): page faults of children that were waited for, `cminflt`. */
const hadChildren = (stat: string): boolean => Number(stat.slice(stat.lastIndexOf(')')).split(' ')[9]) > 0;

const READS = EVIDENCE.toSorted().join(' ');
const VERDICT = 'findings.sarif report.html summary.md trajectory.json transcript.cast transcript.txt verdict.json';
const ALL = `${READS} ${VERDICT}`.split(' ').toSorted().join(' ');

/** Whether each set is a part of the one before it: nothing is opened again. */
const areShrinking = (sets: readonly string[]): boolean =>
  sets.every((set, at) => at === 0 || set.split(' ').every((name) => sets[at - 1]?.split(' ').includes(name)));

test('what read the agent’s tree has no file of the verdict, and another process with another uid judges', async () => {
  using place = temporary();
  const before = snapshot();
  const script = 'i=0; while [ $i -lt 3000 ]; do echo $i >file-$i; i=$((i+1)); done';
  const { ran, collectors } = await watch(place.path, script);
  expect([ran.code, ran.run.counts.changed]).toEqual([0, 3000]);
  expect(collectors).toHaveLength(2);
  expect(new Set(collectors.map(({ uid }) => uid)).size).toBe(2);
  const [reader, judge] = collectors;
  expect([reader?.open[0], reader?.open.at(-1)]).toEqual([ALL, READS]);
  expect(areShrinking(reader?.open ?? [])).toBe(true); // they are closed one by one, and may be seen so
  expect(judge?.open).toEqual([VERDICT]);
  expect(await settled(before)).toEqual([]);
});

test.each([
  ['a file', 'touch x'],
  ['a file in the home', 'touch ~/x'],
  ['a deleted file', 'rm a.txt'],
  ['a result', 'echo yes >"$AGENT_JAIL_RESULT"'],
])('%s is enough for a second one', async (_, script) => {
  using place = temporary();
  const { ran, collectors } = await watch(place.path, script);
  expect([ran.code, collectors.length]).toEqual([0, 2]);
});

test('where a step left nothing, one process writes the evidence and judges', async () => {
  using place = temporary();
  const { ran, collectors } = await watch(place.path, 'cat a.txt; chmod 700 .; : >"$AGENT_JAIL_RESULT"');
  expect([ran.code, ran.verdict.outcome, ran.run.counts.changed]).toEqual([0, 'succeeded', 0]);
  expect(ran.ndjson('changes.ndjson')).toEqual([]);
  expect(collectors).toHaveLength(1);
  expect(collectors[0]?.open[0]).toBe(ALL);
});

test.each([
  ['reads what it left', 'sleep 3; touch x', 2],
  ['judges', 'sleep 3', 1],
])('during a step that takes a while one rehearses, and then %s', async (_, script, count) => {
  using place = temporary();
  const { ran, collectors } = await watch(place.path, script);
  expect([ran.code, ran.verdict.outcome, ran.run.counts.changed]).toEqual([0, 'succeeded', count - 1]);
  expect(collectors.map(({ rehearsed }) => rehearsed)).toEqual(count === 2 ? [true, false] : [true]);
});

test('none does in a short one', async () => {
  using place = temporary();
  const { collectors } = await watch(place.path, 'touch x');
  expect(collectors.map(({ rehearsed }) => rehearsed)).toEqual([false, false]);
});
