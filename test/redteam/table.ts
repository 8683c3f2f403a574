import type { Judged } from './judge.ts';

/** Rows of the list of attacks that this suite is about. What a row is about stands in the probes. */
export const ROWS: Readonly<Record<string, string>> = {
  A1: 'variables and arguments of other processes',
  A2: 'the same from inside a program',
  A3: 'the token of a checkout',
  A4: 'the tokens of the job',
  A5: 'credentials in homes and elsewhere',
  A6: 'what of /etc is for root',
  A7: 'memory of processes outside',
  A8: 'a secret of the policy, printed and written in disguise',
  A9: 'a credential that the gateway puts in',
  B1: 'around proxy settings',
  B2: 'addresses in every form',
  B3: 'networks and services around the machine',
  B4: 'names: other resolvers, tunnels, malformed packets',
  B5: 'names that lead inside',
  B6: 'tricks with names',
  B7: 'tricks with requests, and many of them',
  B8: 'other protocols',
  B9: 'an allow-list that lists nothing',
  B10: 'breaking the gateway',
  B11: 'changing what it was told',
  C1: 'programs that make root',
  C2: 'sockets and FIFOs of the host',
  C3: 'namespaces and mounts',
  C4: 'the kernel: system calls and devices',
  C5: '/sys, /proc/sys and cgroups',
  C6: 'out of the root',
  C7: 'terminals',
  C8: "the backend's own doors",
  C9: 'processes outside',
  C10: 'outliving a step',
  D1: "git's settings and hooks, as traps",
  D2: 'repositories that are not what they seem',
  D3: 'work on the host after a hostile run',
  D4: 'files that are run later, by the tools that run them',
  D5: 'links out of the tree, and between two steps',
  D6: 'trees that are hard to describe',
  D7: 'changes, where they are applied or unpacked',
  D8: 'what is left in the tree of a run that was killed',
  E1: 'commands to the runner in what is printed',
  E2: 'the files by which the runner is told',
  E3: 'control characters in log, summary and terminal',
  E4: 'markup in summary and report',
  E5: 'lines injected into outputs and state',
  E6: 'a policy and a script arrive unchanged',
  F1: 'the record, from within',
  F2: 'names in archives',
  F3: 'floods of output, bytes of every kind',
  F4: 'names of artifacts',
  F5: 'records that are forged, edited, or of others',
};

export const rowOf = (id: string): string => id.slice(0, id.indexOf('-'));
export const bad = ({ verdict }: Judged): boolean => verdict === 'ESCAPED' || verdict === 'did not run';

export interface Row {
  readonly row: string;
  readonly about: string;
  readonly blocked: number;
  readonly documented: number;
  readonly total: number;
}

/** One row each, also where nothing was shown at all: its total is 0. */
export function rows(all: readonly Judged[]): Row[] {
  return Object.entries(ROWS).map(([row, about]) => {
    const own = all.filter(({ id }) => rowOf(id) === row);
    const count = (verdict: Judged['verdict']): number => own.filter((judged) => judged.verdict === verdict).length;
    return { row, about, blocked: count('blocked'), documented: count('documented'), total: own.length };
  });
}

/** What is wrong with a whole run of the suite; empty: everything was tried and nothing got out. */
export function complaints(all: readonly Judged[]): string[] {
  const ids = all.map(({ id }) => id);
  return [
    ...all.filter(bad).map(({ id, verdict, detail }) => `${id}: ${verdict}: ${detail}`),
    ...rows(all).flatMap(({ row, total }) => (total === 0 ? [`${row}: nothing was tried`] : [])),
    ...ids.filter((id) => !Object.hasOwn(ROWS, rowOf(id))).map((id) => `${id}: is in no row`),
    ...ids.filter((id, index) => ids.indexOf(id) !== index).map((id) => `${id}: was judged twice`),
  ];
}

/** The table for people. */
export function markdown(backend: string, all: readonly Judged[]): string {
  const lines = rows(all).map(
    ({ row, about, blocked, documented, total }) =>
      `| ${row} | ${about} | ${blocked} / ${total}${documented > 0 ? ` (${documented} documented)` : ''} |`,
  );
  const blocked = all.filter(({ verdict }) => verdict === 'blocked').length;
  const wrong = complaints(all).map((line) => `- ${line}`);
  return [
    `| row | what is tried | ${backend} |`,
    '|---|---|---|',
    ...lines,
    `| | all | **${blocked} / ${all.length}** |`,
    ...(wrong.length > 0 ? ['', ...wrong] : []),
    '',
  ].join('\n');
}
