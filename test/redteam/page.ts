import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { REPOSITORY } from '../support/jail.ts';
import type { Judged } from './judge.ts';
import type { Level } from './levels.ts';
import { ROWS, rowOf } from './table.ts';

export const PAGE = join(REPOSITORY, 'docs/red-team.md');
export const DATA = join(REPOSITORY, 'docs/red-team.json');

interface Column {
  readonly name: string;
  readonly about: string;
  readonly results: readonly Pick<Judged, 'id' | 'verdict' | 'detail'>[];
}
export interface Data {
  readonly schema: 'agent-jail/levels@1';
  /** Everything, on what isolates. */
  readonly backends: readonly Column[];
  /** The harmless part, elsewhere. */
  readonly levels: readonly Column[];
}

/** Writes page and data; returns the page. */
export function publish(
  outcomes: readonly { readonly backend: string; readonly judged: readonly Judged[] }[],
  others: readonly { readonly level: Level; readonly judged: readonly Judged[] }[],
): string {
  const data: Data = {
    schema: 'agent-jail/levels@1',
    backends: outcomes.map(({ backend, judged }) => ({ name: backend, about: `\`agent-jail run --backend ${backend}\``, results: judged })),
    levels: others.map(({ level: { name, about }, judged }) => ({ name, about, results: judged.map(withoutPlaces) })),
  };
  writeFileSync(
    DATA,
    `${JSON.stringify(data, null, 1)
      .replace(/\n {4}/g, ' ')
      .replace(/\n {3}\}/g, ' }')}\n`,
  );
  const text = page(data);
  writeFileSync(PAGE, text);
  return text;
}
/** Whose machine it was is nobody's business: what was seen there is not kept. */
const withoutPlaces = ({ id, verdict }: Judged): Judged => ({ id, verdict, detail: '' });

const cell = (results: readonly Pick<Judged, 'id' | 'verdict'>[]): string => {
  const count = (verdict: Judged['verdict']): number => results.filter((one) => one.verdict === verdict).length;
  const [documented, idle] = [count('documented'), count('did not run')];
  const notes = [...(documented > 0 ? [`${documented} documented`] : []), ...(idle > 0 ? [`${idle} did not run`] : [])];
  return results.length === 0 ? '' : `${count('blocked')} / ${results.length - idle}${notes.length > 0 ? ` (${notes.join(', ')})` : ''}`;
};
const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
const table = (columns: readonly Column[], ids: (row: string) => ReadonlySet<string> | null): string[] => {
  const rows = Object.entries(ROWS).filter(([row]) => ids(row)?.size !== 0);
  const of = ({ results }: Column, row: string) => results.filter(({ id }) => rowOf(id) === row && (ids(row)?.has(id) ?? true));
  return [
    line(['row', 'what is tried', ...columns.map(({ name }) => name)]),
    line(['---', '---', ...columns.map(() => '---')]),
    ...rows.map(([row, about]) => line([row, about, ...columns.map((column) => cell(of(column, row)))])),
    line(['', 'all', ...columns.map((column) => `**${cell(rows.flatMap(([row]) => of(column, row)))}**`)]),
  ];
};

/** Pure: the page is a function of the data, which a test holds it to. */
export function page({ backends, levels }: Data): string {
  const shared = (row: string): ReadonlySet<string> =>
    new Set(levels.flatMap(({ results }) => results.flatMap(({ id }) => (rowOf(id) === row ? [id] : []))));
  return `${[
    '# What hostile agents tried',
    '',
    'Made by `npm run redteam`; the raw results are in [red-team.json](red-team.json). Each attempt is a program that is run for real. It counts',
    'as blocked only if the same program proved where it runs, came upon a canary that it may see, by the same method, and answered',
    'for everything that it tried; one that cannot run is a failure here. `blocked / total`.',
    '',
    '## In the jail',
    '',
    'What is documented cannot be stopped: a secret that is printed one character a line ([redaction](redaction.md)).',
    '',
    ...table(backends, () => null),
    '',
    '## At other levels of isolation',
    '',
    'Only the harmless part: programs that read, connect, and write in their own directory. What could hurt a machine is run in a jail of ours',
    'and nowhere else, so this table has no mounts, system calls or signals, and nothing about records and workflow commands. Everything else has',
    'the settings that one gets without asking, plus what the step needs to run: this says what a level gives by itself, not what an expert can',
    'make of it.',
    '',
    ...table([...backends, ...levels], shared),
    '',
    ...[...backends, ...levels].map(({ name, about }) => `- **${name}**: ${about}.`),
    '',
    'What the rows mean where they differ:',
    '',
    '- **A1, A2, A4**: a process that has the environment of the job, or sees the processes beside it, has its tokens.',
    '- **A3**: a checkout leaves its token below `.git`; whoever is given the workspace is given the token, unless something covers it.',
    '- **A5, A6, C6**: files of the machine, by name, by search, by links and descriptors. In a container of one’s own one is root, so `/etc/shadow` of that container can be read, and `setuid` works.',
    '- **B2**: an interface other than the loopback, or a route by one. Nothing is sent.',
    '- **C2**: services of the machine: a socket in the workspace, a port, an abstract name. sandbox-runtime lets no socket be made that could',
    '  reach one; a FIFO in the workspace is written to.',
    '- **D1, D2, D3**: hooks, settings and scripts that the agent leaves in a workspace that it shares with the host run there as soon as',
    '  somebody works in it. Isolation at run time does not help against that; a layer that is thrown away does. sandbox-runtime refuses to write',
    '  the hooks and the configuration of the checkout, so that no trap can be set there (D1); those beside them are sprung.',
    '- **chroot** is this program without its isolation ([backends](backends.md#without-isolation-chroot)): what it blocks here is what layers',
    '  and a clean environment do by themselves, and that its warden has a namespace of processes for its own sake. Everything that this table',
    '  leaves out, system calls, `/proc`, signals within its user, is open there, as the network is.',
    '',
  ].join('\n')}`;
}
