/** What differs at one place of two bodies, for people. */
export interface Difference {
  readonly at: string;
  /** null: it is not there. */
  readonly recorded: string | null;
  readonly asked: string | null;
}

/** Bodies have some thousand leaves; more are not compared. */
const MOST_LEAVES = 50_000;
/** Characters that are shown of a value, around where it begins to differ. */
const SHOWN = 160;

/** Pure: the leaves of a JSON value by where they stand, `messages[0].content`. */
export function leaves(value: unknown): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const walk = (item: unknown, at: string): void => {
    if (found.size >= MOST_LEAVES) return;
    if (typeof item !== 'object' || item === null) found.set(at, typeof item === 'string' ? item : JSON.stringify(item));
    else if (Array.isArray(item)) item.forEach((one, n) => walk(one, `${at}[${n}]`));
    else for (const [key, one] of Object.entries(item)) walk(one, at === '' ? key : `${at}.${key}`);
  };
  walk(value, '');
  return found;
}

/** Pure: how much two bodies have in common. */
export function common(a: ReadonlyMap<string, string>, b: ReadonlyMap<string, string>): number {
  let same = 0;
  for (const [at, value] of a) if (b.get(at) === value) same += 1;
  return same;
}

/** Pure: the first differences. */
export function differences(recorded: ReadonlyMap<string, string>, asked: ReadonlyMap<string, string>, most = 5): Difference[] {
  const places = [...new Set([...recorded.keys(), ...asked.keys()])].filter((at) => recorded.get(at) !== asked.get(at));
  return places.slice(0, most).map((at) => {
    const [a, b] = [recorded.get(at) ?? null, asked.get(at) ?? null];
    const from = Math.max(0, firstDifference(a ?? '', b ?? '') - SHOWN / 4);
    return { at: at.slice(0, 200), recorded: shown(a, from), asked: shown(b, from) };
  });
}

const shown = (text: string | null, from: number): string | null =>
  text === null ? null : `${from > 0 ? '…' : ''}${text.slice(from, from + SHOWN)}${text.length > from + SHOWN ? '…' : ''}`;

function firstDifference(a: string, b: string): number {
  let at = 0;
  while (at < a.length && a[at] === b[at]) at += 1;
  return at;
}
