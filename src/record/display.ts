import type { PathBytes } from '../model/names.ts';

/** What may act on a terminal, hide or reorder text, or end a line; and the backslash, so that the escaped form is unambiguous. */
const HIDDEN = /^[\\\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Cn}\p{Zl}\p{Zp}\u115F\u1160\u3164\uFFA0\u034F\u2800\uFE00-\uFE0F]$/u;
/** Printable ASCII without the backslash. */
const PLAIN = /^[ -[\]-~]*$/;
const LIMIT = 300;

/**
 * One line that can be shown anywhere but in markup: what is invisible or acts on a terminal stands as `\x1b` or `\u{202e}`.
 * Of more than `limit` characters the first are shown, and `…`.
 */
export function displayText(text: string, limit = LIMIT): string {
  // Nearly all text is such, and a test of each character takes a hundred times as long.
  if (PLAIN.test(text)) return text.length > limit ? `${text.slice(0, limit)}…` : text;
  return join(characters(text), limit);
}

/** A path as {@link displayText} shows it; the bytes of a path that is not UTF-8 stand as `\xff`. */
export function displayPath(path: PathBytes, limit = LIMIT): string {
  const text = utf8(path);
  return join(text === null ? bytes(path) : characters(text), limit);
}

/** The text of valid UTF-8; null where it is not. */
export function utf8(bytes: Uint8Array): string | null {
  try {
    return strict.decode(bytes);
  } catch {
    return null;
  }
}
const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function* characters(text: string): Generator<string> {
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    yield !HIDDEN.test(character) ? character : character === '\\' ? '\\\\' : code < 0x80 ? hex(code) : `\\u{${code.toString(16)}}`;
  }
}

function* bytes(path: Uint8Array): Generator<string> {
  for (const byte of path) {
    yield byte === 0x5c ? '\\\\' : byte < 0x20 || byte > 0x7e ? hex(byte) : String.fromCharCode(byte);
  }
}

const hex = (byte: number): string => `\\x${byte.toString(16).padStart(2, '0')}`;

function join(parts: Iterable<string>, limit: number): string {
  let shown = '';
  for (const part of parts) {
    if (shown.length + part.length > limit) return `${shown}…`;
    shown += part;
  }
  return shown;
}
