import { normalize } from 'node:path/posix';
import { parseSize, parseTime } from './units.ts';

// Each takes what a user wrote and returns what it means, or throws an Error whose message says what is allowed.

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const CONTROL = /[\u0000-\u001f\u007f]/;

/** Longest that a timer can wait for is 24.8 days; nothing runs for more than a week. */
const LONGEST = 7 * 24 * 3_600_000;

export function size(text: string | number, least = 1): number {
  const bytes = typeof text === 'number' ? text : parseSize(text);
  if (!Number.isSafeInteger(bytes)) throw new Error(`${text} is not a size, such as 512MiB or 2GB`);
  if (bytes < least) throw new Error(`${JSON.stringify(text)} is too small: at least ${least} bytes`);
  return bytes;
}

/** Milliseconds, from one second to a week. */
export function time(text: string): number {
  const ms = parseTime(text);
  if (ms < 1_000 || ms > LONGEST) throw new Error(`${JSON.stringify(text)} is out of range: from 1s to 168h`);
  return ms;
}

/** null: `off`. */
export function timeOrOff(text: string): number | null {
  return text === 'off' ? null : time(text);
}

/** null: `none`. */
export function sizeOrNone(text: string | number): number | null {
  return text === 'none' ? null : size(text);
}

/** An absolute path in its shortest form. */
export function absolutePath(text: string): string {
  const said = JSON.stringify(text);
  if (CONTROL.test(text)) throw new Error(`${said} holds a control character`);
  if (!text.startsWith('/')) throw new Error(`${said} is not an absolute path: it does not begin with /`);
  const normal = normalize(text).replace(/(?<=.)\/$/, '');
  if (text.split('/').includes('..')) throw new Error(`${said} goes up with \`..\`; write the path it means`);
  if (normal !== text) throw new Error(`${said} is not in its shortest form: write ${normal}`);
  return text;
}

const KERNEL = ['/proc', '/sys', '/dev'];

/** A directory of the host, or a place in the jail, that a mount may name. */
export function mountPath(text: string): string {
  const path = absolutePath(text);
  if (path === '/') throw new Error('"/" cannot be mounted: list the directories that are needed');
  if (KERNEL.some((dir) => path === dir || path.startsWith(`${dir}/`))) {
    throw new Error(`${JSON.stringify(text)} is the kernel's; the jail has its own`);
  }
  return path;
}

/** A place in the jail. What a backend and the jail itself put into /run would be covered, or cover the mount. */
export function mountTarget(text: string): string {
  const path = mountPath(text);
  if (path === '/run' || path.startsWith('/run/')) throw new Error(`${JSON.stringify(text)} is in /run, which is the jail's own`);
  return path;
}

/** A pattern as in .gitignore. */
export function glob(text: string): string {
  const said = JSON.stringify(text);
  if (text.trim() === '') throw new Error(`${said} is an empty pattern`);
  if (CONTROL.test(text)) throw new Error(`${said} holds a control character`);
  if (text.startsWith('#')) throw new Error(`${said} is a comment in gitignore patterns; write ${JSON.stringify(`\\${text}`)}`);
  if (/^!?(?:\.\.?\/|\/$)/.test(text) || text.split('/').includes('..')) {
    throw new Error(`${said} matches nothing: patterns are relative to the workspace, without \`./\` and \`..\``);
  }
  return text;
}

export function variableName(text: string): string {
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(text)) {
    throw new Error(`${JSON.stringify(text)} is not the name of an environment variable: letters, digits and _, no digit first`);
  }
  return text;
}

export function plainText(text: string): string {
  if (text.includes('\0')) throw new Error(`${JSON.stringify(text)} holds a NUL character`);
  return text;
}

/** Not empty, on one line. */
export function line(text: string): string {
  if (text.trim() === '' || text.length > 4096 || CONTROL.test(text)) {
    throw new Error(`${JSON.stringify(text.slice(0, 80))} is not one line of text`);
  }
  return text;
}

export function script(text: string): string {
  if (text.trim() === '') throw new Error('the script is empty');
  return plainText(text);
}

/** Upper case. */
export function method(text: string): string {
  if (!/^[A-Za-z]{1,20}$/.test(text)) throw new Error(`${JSON.stringify(text)} is not an HTTP method, such as GET`);
  return text.toUpperCase();
}

/** Path of a URL; `*` at the end stands for any rest. */
export function urlPath(text: string): string {
  const said = JSON.stringify(text);
  if (!/^\/[\x21-\x7e]*$/.test(text) || /[?#\\]/.test(text)) throw new Error(`${said} is not the path of a URL, such as /v1/*`);
  if (/\*./.test(text)) throw new Error(`${said}: \`*\` stands only at the end, for any rest`);
  if (text.split('/').some((part) => /^(?:\.|%2e){1,2}$/i.test(part))) throw new Error(`${said} goes up with \`..\``);
  return text;
}

/** A name by which the jail reaches a port of the runner's loopback. */
export function serviceName(text: string): string {
  if (!/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(text) || /^\d+$/.test(text) || text === 'localhost') {
    throw new Error(`${JSON.stringify(text)} is not a service name: one label of a-z, 0-9 and -, not a number, not localhost`);
  }
  return text;
}

export function imageReference(text: string): string {
  // It becomes a part of the path by which the engine is asked.
  const parts = text.split('/');
  if (!/^[A-Za-z0-9][A-Za-z0-9._:/@-]{0,254}$/.test(text) || parts.some((part) => ['', '.', '..'].includes(part))) {
    throw new Error(`${JSON.stringify(text)} is not an image, such as node:24 or ghcr.io/owner/name@sha256:…`);
  }
  return text;
}

/** As the configuration of an engine names one, also by its shim: `runsc`, `io.containerd.kata.v2`. */
export function runtimeName(text: string): string {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/.test(text))
    throw new Error(`${JSON.stringify(text)} is not the name of a runtime, such as runsc`);
  return text;
}

export function sha256(text: string): string {
  if (!/^[0-9a-f]{64}$/.test(text)) throw new Error(`${JSON.stringify(text)} is not a SHA-256: 64 lower-case hex digits`);
  return text;
}

/** A regular expression of JavaScript, read with the flag `u` where that works, else without. */
export function expression(text: string): string {
  if (text === '') throw new Error('an empty regular expression matches everything');
  try {
    return new RegExp(text, 'u').source && text;
  } catch {
    try {
      return new RegExp(text).source && text;
    } catch (error) {
      throw new Error(`${JSON.stringify(text)} is not a regular expression: ${error instanceof Error ? error.message : ''}`);
    }
  }
}
