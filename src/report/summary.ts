import type { Finding } from '../model/changes.ts';
import type { RunDocument, StepRecord } from '../model/record.ts';
import type { Conclusion } from '../record/conclusion.ts';
import { displayPath } from '../record/display.ts';
import { RecordError } from '../record/error.ts';
import { fit, more } from './sections.ts';
import type { Section } from './sections.ts';
import { bytes, inlineCode, inlineShown, table, time } from './markdown.ts';
import { changeTally, networkTally, programTally } from './tally.ts';
import type { ChangeTally } from './tally.ts';

/** Bytes of a summary at the most: a job's summary page takes 1 MiB of all steps together. */
export const LARGEST = 64 << 10;
const STEPS = 50;
const FINDINGS = 40;
const HOSTS = 20;
const PROGRAMS = 15;
const NOTICES = 20;

/**
 * What a run did, as Markdown of at most 64 KiB. All text that is not of this file goes through `inlineCode`: step names, messages, paths
 * and hosts are chosen by others.
 */
export async function summary(conclusion: Conclusion): Promise<string> {
  const { run, outcome, because, findings } = conclusion;
  const sections: Section[] = [
    {
      title: `## agent-jail: ${outcome}${[run.policy.agent, run.policy.setup].some(({ network }) => network.mode === 'observe') ? ', weak' : ''}`,
      lines: [inlineCode(because, 400), ''],
      elastic: false,
    },
    { title: '### Steps', lines: steps(run.steps), elastic: true },
    { title: '### Guards', lines: findings.slice(0, FINDINGS).flatMap(findingLines), elastic: true },
    { title: '### Changes', lines: await readable(async () => changes(await changeTally(conclusion.record))), elastic: true },
    { title: '### Network', lines: await readable(() => network(conclusion)), elastic: true },
    { title: '### Programs', lines: await readable(() => programs(conclusion)), elastic: true },
    { title: '### Notices', lines: run.notices.slice(0, NOTICES).map((notice) => `- ${inlineCode(notice, 300)}`), elastic: true },
    { title: '### Limits', lines: limits(run), elastic: false },
    { title: '### Record', lines: about(conclusion), elastic: false },
  ];
  return fit(sections, LARGEST, 'the record has all');
}

function steps(all: readonly StepRecord[]): readonly string[] {
  const rows = all
    .slice(0, STEPS)
    .map(({ name, setup, started, exit }, index) => [
      String(index + 1),
      `${inlineCode(name, 80)}${setup ? ' (setup)' : ''}`,
      started === null
        ? 'not started'
        : exit === null
          ? 'did not end'
          : exit.signal === null
            ? `exit code ${exit.code}`
            : inlineCode(exit.signal),
      exit === null || exit.hit.length === 0 ? '' : exit.hit.join(', '),
      exit === null ? '' : time(exit.ms),
      exit === null ? '' : bytes(exit.bytes),
    ]);
  return [...table(['', 'step', 'end', 'limits reached', 'time', 'output'], rows), ...more(all.length - STEPS, 'step')];
}

function findingLines({ rule, place, action, message, what, more: left }: Finding): readonly string[] {
  const where = place === null || place.file === '' ? '' : ` (${inlineCode(`${place.file}:${place.line}`)})`;
  return [
    `- **${action}** ${inlineCode(rule)}${where}: ${inlineCode(message, 300)}`,
    ...what.map((item) => `  - ${inlineShown(item)}`),
    ...(left > 0 ? [`  - and ${left} more`] : []),
  ];
}

function changes({ layers, first, tracked }: ChangeTally): readonly string[] {
  const rows = layers.map(({ layer, added, modified, deleted, renamed, other, ignored }) => [
    layer,
    ...[added, modified, deleted, renamed, other, ignored].map(String),
  ]);
  const paths = first.map((change) => [
    change.op,
    change.op === 'renamed'
      ? `${inlineShown(displayPath(change.from))} to ${inlineShown(displayPath(change.path))}`
      : inlineShown(displayPath(change.path)),
    change.flags.join(', '),
  ]);
  if (rows.length === 0) return ['Nothing was changed, as far as the record goes.', ''];
  return [
    ...table(['', 'added', 'modified', 'deleted', 'renamed', 'other', 'of these ignored'], rows),
    ...table(['change', 'path in the workspace', 'flags'], paths),
    ...more(tracked - first.length, 'path'),
  ];
}

async function network({ record }: Conclusion): Promise<readonly string[]> {
  const { reached, denied, total } = await networkTally(record);
  const to = reached.slice(0, HOSTS).map((of) => [inlineCode(of.host), String(of.connections), bytes(of.sent), bytes(of.received)]);
  const refused = denied.slice(0, HOSTS).map((of) => [inlineCode(of.host), String(of.denied)]);
  const sum = ['**all**', String(total.connections), bytes(total.sent), bytes(total.received)];
  return [
    ...table(['reached', 'connections', 'sent', 'received'], to.length > 1 ? [...to, sum] : to),
    ...more(reached.length - HOSTS, 'host'),
    ...table(['denied', 'times'], refused),
    ...more(denied.length - HOSTS, 'host'),
    ...(total.denied > 0 ? [`${total.denied} denied in all.`, ''] : []),
  ];
}

async function programs({ record, run: { programs: fact } }: Conclusion): Promise<readonly string[]> {
  if (fact === undefined) return [];
  if (fact.source === 'none') return [`Not known: ${inlineCode(fact.why, 300)}`, ''];
  const most = await programTally(record);
  const rows = most.slice(0, PROGRAMS).map(({ program, times }) => [inlineCode(program), String(times)]);
  const noun = (count: number, of: string): string => `${count} ${of}${count === 1 ? '' : of.endsWith('s') ? 'es' : 's'}`;
  return [
    `${noun(fact.programs, 'program')} in ${noun(fact.processes, 'process')}${fact.source === 'guest' ? ', as the kernel of the virtual machine told it' : ''}.`,
    '',
    ...table(['program', 'times'], rows),
    ...more(most.length - PROGRAMS, 'program'),
    ...(fact.lost > 0 ? [`${noun(fact.lost, 'event')} lost: a program may be missing.`, ''] : []),
  ];
}

function limits(run: RunDocument): readonly string[] {
  const show = (name: string, value: number | null): string => {
    if (value === null) return '';
    if (name === 'time' || name === 'idle') return time(value);
    return ['memory', 'disk', 'output', 'upload', 'download'].includes(name) ? bytes(value) : String(value);
  };
  const rows = run.limits.map(({ name, limit, peak, hit }) => [name, show(name, limit), show(name, peak), hit ? 'yes' : '']);
  return table(['limit', 'set to', 'peak', 'reached'], rows);
}

function about({ run, manifest, record }: Conclusion): readonly string[] {
  const { source } = run;
  const origin = 'file' in source ? `${source.kind}, ${inlineCode(source.file)}` : source.kind;
  const rows = [
    ['run', inlineCode(run.id)],
    ['directory', inlineCode(record.dir, 400)],
    ['manifest, SHA-256', manifest === null ? 'not sealed' : inlineCode(manifest)],
    ['policy, SHA-256', inlineCode(run.policy.digest)],
    ['policy from', origin],
    ['backend', `${run.backend.name} ${inlineCode(run.backend.version)}, ${inlineCode(run.backend.why)}`],
    ['exact', run.exact ? 'yes' : 'no: something that holds a secret was withheld'],
  ];
  return table(['', ''], rows);
}

/** A file of the record that cannot be read is said, and the rest of the summary still made. */
async function readable(make: () => Promise<readonly string[]>): Promise<readonly string[]> {
  try {
    return await make();
  } catch (error) {
    if (!(error instanceof RecordError)) throw error;
    return [inlineCode(error.message, 300), ''];
  }
}
