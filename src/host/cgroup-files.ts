import { readdirSync, readFileSync, writeFileSync } from 'node:fs';

/** Groups below a group, deepest first. */
export function below(directory: string): string[] {
  try {
    return readdirSync(directory, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .flatMap((entry) => [...below(`${directory}/${entry.name}`), `${directory}/${entry.name}`]);
  } catch {
    return [];
  }
}
/** What a file says; null: it is not there. */
export function read(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}
/** Where the group is gone, or was never made, nothing is written. */
export function write(file: string, value: string): void {
  try {
    writeFileSync(file, value);
  } catch {
    // as said
  }
}
/** 0 where there is none. */
export const number = (text: string | null): number => (text === null ? 0 : Number(text.trim()) || 0);
/** Of a file with a line `name number` for each; 0 where there is none. */
export const field = (text: string | null, name: string): number => Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(text ?? '')?.[1] ?? 0);
