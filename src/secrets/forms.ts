import type { Place } from '../model/names.ts';
import type { Problem } from '../model/errors.ts';

/** A shorter value would be found by chance in ordinary output, and is too easy to guess to be worth hiding. */
export const MIN_FORM = 6;
/** A piece of a wrapped encoding says less than a whole form, so it has to be longer to count. */
const MIN_PIECE = 12;
/** Columns at which `base64` (coreutils) and `openssl base64` break lines; `xxd -p` breaks at 60. */
const BASE64_COLUMNS = [76, 64];
const HEX_COLUMNS = 60;
/** Long enough, and yet in ordinary output: replacing them would make a transcript unreadable and hide nothing. */
const COMMON = new Set(
  (
    'abc123 access account admin123 changeme change-me default demo123 development disabled dummy-value enabled example github ' +
    'hello123 localhost nothing password password1 placeholder private production public qwerty redacted sample secret secrets ' +
    'staging string test123 testing tester undefined unknown username 123456 1234567 12345678 123456789 1234567890'
  ).split(' '),
);

/**
 * The forms of a secret that redaction finds: plain, each line, base64 at every alignment, hexadecimal, percent-encoded, JSON- and
 * shell-escaped, reversed. UTF-8 bytes, no duplicates, none under `MIN_FORM` bytes; the first one is the value itself.
 */
export function secretForms(value: string): Buffer[] {
  const text = value.toWellFormed();
  // Programs add and lose white space at the ends (`$(…)`, `echo`), so the encodings are of what stands between.
  const core = text.trim();
  const bytes = Buffer.from(core);
  const forms: (string | Buffer)[] = [
    text,
    core,
    core.replace(/\r?\n/g, '\r\n'), // as a terminal prints it
    ...lineForms(core),
    ...base64Forms(bytes),
    ...hexForms(bytes),
    ...percentForms(core, bytes),
    ...escapedForms(core),
    [...core].reverse().join(''),
    Buffer.from(bytes).reverse(), // `rev` in the C locale
  ];
  const unique = new Map<string, Buffer>();
  for (const form of forms) {
    const encoded = typeof form === 'string' ? Buffer.from(form) : form;
    if (encoded.length >= MIN_FORM) unique.set(encoded.toString('latin1'), encoded);
  }
  return [...unique.values()];
}

/** Why a value cannot be redacted, or null. */
export function tooShort(value: string): string | null {
  const core = value.trim();
  if (Buffer.byteLength(core) < MIN_FORM) return `it has fewer than ${MIN_FORM} bytes`;
  if (COMMON.has(core.toLowerCase())) return 'it is a common word';
  if (new Set(core).size < 3) return 'it has fewer than 3 different characters';
  return null;
}

/** One problem for each secret that cannot be redacted. The value itself stands in no message. */
export function refuseShort(
  secrets: readonly { readonly name: string; readonly value: string; readonly place?: Place | null }[],
): Problem[] {
  return secrets.flatMap(({ name, value, place }) => {
    const why = tooShort(value);
    if (why === null) return [];
    return [
      {
        message: `the value of ${name} cannot be kept out of the record: ${why}`,
        place: place ?? null,
        remedy: 'use a longer value; if it is not secret, pass it by `env` or `pass-env`',
      },
    ];
  });
}

/** A literal `\n` separates too: a service account's JSON holds a private key that way. Armour lines are the same in every key. */
function lineForms(core: string): string[] {
  const lines = core.split(/\r\n|\n|\r|\\n/).map((line) => line.trim());
  if (lines.length === 1) return [];
  return lines.filter((line) => tooShort(line) === null && !/^-----(?:BEGIN|END) [A-Z0-9 ]+-----$/.test(line));
}

/** What base64 makes of the bytes, whatever stands before and after them. */
function base64Forms(bytes: Buffer): string[] {
  const forms: string[] = [];
  for (let before = 0; before < 3; before += 1) {
    const padded = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64');
    // A character of 6 bits that also holds bits of a neighbour differs from place to place.
    const start = Math.ceil((before * 8) / 6);
    const stem = padded.slice(start, Math.floor(((before + bytes.length) * 8) / 6));
    const open = padded.slice(start).replace(/=+$/, '');
    forms.push(stem, open, padded.slice(start));
    if (before === 0) for (const columns of BASE64_COLUMNS) forms.push(...pieces(stem, columns));
  }
  return [...forms, ...forms.map((form) => form.replaceAll('+', '-').replaceAll('/', '_'))];
}

function hexForms(bytes: Buffer): string[] {
  const hex = bytes.toString('hex');
  return [hex, hex.toUpperCase(), ...pieces(hex, HEX_COLUMNS)];
}

/** Percent-encoded as `encodeURIComponent`, Python's `quote`, HTML forms and RFC 3986 do it, and every byte of it. */
function percentForms(core: string, bytes: Buffer): string[] {
  const component = encodeURIComponent(core);
  const strict = component.replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
  const upper = [component, strict, strict.replaceAll('%2F', '/'), strict.replaceAll('%20', '+')];
  upper.push(bytes.toString('hex').toUpperCase().replace(/../g, '%$&'));
  return [...upper, ...upper.map((form) => form.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()))];
}

function escapedForms(core: string): string[] {
  const json = JSON.stringify(core).slice(1, -1);
  const ascii = json.replace(/[\u0080-\uffff]/g, unicodeEscape); // Python, PHP
  const html = json.replace(/[<>&]/g, unicodeEscape); // Go
  return [
    json,
    JSON.stringify(json).slice(1, -1), // JSON in JSON: how agents log what a tool printed
    ascii,
    html,
    json.replaceAll('/', '\\/'),
    core.replaceAll("'", "'\\''"), // `set -x`
    core.replace(/["$`\\]/g, '\\$&'), // `export -p`
  ];
}

function unicodeEscape(char: string): string {
  return `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

function pieces(text: string, columns: number): string[] {
  const found: string[] = [];
  for (let at = 0; text.length > columns && at < text.length; at += columns) found.push(text.slice(at, at + columns));
  return found.filter((piece) => piece.length >= MIN_PIECE);
}
