import type { ExpectedTask, TrialsHeader } from '../model/suite.ts';
import { canonicalJson } from '../policy/digest.ts';
import { displayText } from '../record/display.ts';

/** Of `fields`, those in which two headers differ, each with both values: `seed (1, not 2)`. */
export function headerDifferences(there: TrialsHeader, wanted: TrialsHeader, fields: readonly (keyof TrialsHeader)[]): string[] {
  return fields
    .filter((field) => canonicalJson(there[field]) !== canonicalJson(wanted[field]))
    .map(
      (field) =>
        `${field} (${field === 'expected' ? tasks(there.expected, wanted.expected) : `${show(there[field])}, not ${show(wanted[field])}`})`,
    );
}

/** The first task that is another. */
function tasks(there: readonly ExpectedTask[], wanted: readonly ExpectedTask[]): string {
  const at = wanted.findIndex((task, index) => canonicalJson(task) !== canonicalJson(there[index] ?? null));
  const task = (at === -1 ? there[wanted.length] : wanted[at])?.task ?? '';
  return `from ${displayText(task)} on`;
}

const show = (value: unknown): string => displayText(typeof value === 'string' ? value : canonicalJson(value), 100);
