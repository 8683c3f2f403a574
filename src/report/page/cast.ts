/** What a step printed, as lines. */
export interface Printed {
  readonly name: string;
  readonly lines: readonly { readonly t: number; readonly text: string; readonly note: boolean }[];
}
const SEQUENCE = /\x1b(?:\[[0-?]*[ -/]*[@-~]|[()][0B]|[78DEHM])/g;

/** The text of an asciicast (version 2) of this program's: a step begins at its marker, other markers are notes. */
export function printedBy(cast: string): readonly Printed[] {
  const steps: { name: string; lines: { t: number; text: string; note: boolean }[] }[] = [];
  const add = (t: number, text: string, note: boolean): void => void steps.at(-1)?.lines.push({ t, text, note });
  /** A line without its end, and when it began. */
  let open = { t: 0, text: '' };
  const close = (): void => {
    if (open.text !== '') add(open.t, settled(open.text), false);
    open = { t: 0, text: '' };
  };
  for (const line of cast.split('\n').slice(1)) {
    if (line === '') continue;
    const [t, code, data] = JSON.parse(line) as [number, string, string];
    if (code === 'm') {
      close();
      if (/^step \d+: /.test(data)) steps.push({ name: data, lines: [] });
      else add(t, data, true);
      continue;
    }
    if (code !== 'o') continue;
    const parts = data.replace(SEQUENCE, '').split('\n');
    for (const [index, part] of parts.entries()) {
      if (open.text === '') open.t = t;
      open.text += part;
      if (index === parts.length - 1) break;
      add(open.t, settled(open.text), false);
      open = { t, text: '' };
    }
  }
  close();
  return steps;
}

/** A line as it stands in the end: what follows a carriage return is written over it. */
function settled(text: string): string {
  const parts = text.replace(/\r+$/, '').split('\r');
  let line = '';
  for (const character of parts.at(-1) ?? '') line = character === '\b' ? line.slice(0, -1) : line + character;
  return line;
}
