import type { Problem } from '../model/errors.ts';

/** What went wrong and what to do about it, as one text. */
export function withRemedy(message: string, remedy: string): string {
  return remedy === '' ? message : `${message.replace(/\.$/, '')}. ${remedy.charAt(0).toUpperCase()}${remedy.slice(1)}`;
}

/** `file:line:column: message`, as compilers print it. */
export function problemLine({ place, message, remedy }: Problem): string {
  const where = place === null || place.file === '' ? 'agent-jail' : `${place.file}:${place.line}:${place.column}`;
  return `${where}: ${withRemedy(message, remedy)}`;
}
