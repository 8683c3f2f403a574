/** `950 ms`, `12.3 s`, `4 m 05 s`, `1 h 02 m`. */
export function duration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 59_950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 3600) return `${Math.floor(seconds / 60)} m ${two(seconds % 60)} s`;
  return `${Math.floor(seconds / 3600)} h ${two(Math.floor((seconds % 3600) / 60))} m`;
}

/** `0 bytes`, `1 byte`, `3.4 KiB`, `12.0 MiB`. */
export function size(bytes: number): string {
  if (bytes < 1024) return `${bytes} byte${bytes === 1 ? '' : 's'}`;
  const units = ['KiB', 'MiB', 'GiB', 'TiB'];
  let value = bytes / 1024;
  let unit = 0;
  while (value >= 1023.95 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${value.toFixed(1)} ${units[unit]}`;
}

/** How a step ended, in words: `exit 0`, `killed by SIGTERM`. */
export function ending(exit: { readonly code: number | null; readonly signal: string | null }): string {
  if (exit.signal !== null) return `killed by ${exit.signal}`;
  return exit.code === null ? 'ended' : `exit ${exit.code}`;
}

function two(n: number): string {
  return String(n).padStart(2, '0');
}

/** The start of a line that takes at most so many columns of a terminal. What may be two columns wide counts as two. */
export function fitting(text: string, columns: number): string {
  let left = columns;
  let end = 0;
  for (const character of text) {
    left -= (character.codePointAt(0) ?? 0) < 0x1100 ? 1 : 2;
    if (left < 0) break;
    end += character.length;
  }
  return text.slice(0, end);
}
