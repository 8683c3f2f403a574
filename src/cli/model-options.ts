import { isIP } from 'node:net';
import { UserError } from '../model/errors.ts';
import { refuseShort } from '../secrets/forms.ts';
import { parse, wrong } from './args.ts';
import type { Io } from './io.ts';

const OPTIONS = {
  listen: 'string', log: 'string', seed: 'string', 'require-key': 'string', record: 'string', upstream: 'string', key: 'string',
  mask: 'string', loose: 'boolean', pace: 'boolean', json: 'boolean',
} as const; // biome-ignore format: a table

/** A value of the environment that nobody must see. */
export interface Secret {
  readonly name: string;
  readonly value: string;
}
export type Source =
  | { readonly kind: 'file'; readonly file: string }
  | { readonly kind: 'record'; readonly file: string; readonly upstream: URL; readonly key: Secret | null };

/** What the command line asks for; files are not read yet. */
export interface ModelOptions {
  readonly source: Source;
  readonly host: string;
  readonly port: number;
  readonly log: string | undefined;
  readonly seed: number | null;
  readonly requireKey: Secret | null;
  readonly mask: readonly Secret[];
  readonly loose: boolean;
  readonly pace: boolean;
  readonly json: boolean;
  readonly command: readonly [string, ...string[]] | null;
}

/** Throws a UserError. */
export function optionsOf(argv: readonly string[], io: Io): ModelOptions {
  const { options, positionals, rest } = parse(argv, OPTIONS, 1);
  const source = sourceOf(positionals[0], options, io);
  const { host, port } = listenOf(options['listen'] ?? '127.0.0.1:0');
  if (source.kind === 'record') {
    if (!isLoopback(host)) throw wrong(`--record listens on loopback only, and ${host} is not`, 'Anybody there could use your key.');
    for (const name of ['seed', 'loose', 'pace'] as const) {
      if (options[name] !== undefined) throw wrong(`--${name} has no meaning with --record`, 'Leave it out.');
    }
  }
  const json = options['json'] !== undefined;
  if (json && rest !== null) throw wrong('--json and `-- CMD …` both want stdout', 'Give one of them.');
  const mask = (options['mask'] ?? '')
    .split(/[\s,]+/)
    .filter((name) => name !== '')
    .map((name) => secretOf('mask', name, io));
  refuse([...mask, ...(source.kind === 'record' && source.key !== null ? [source.key] : [])]);
  return {
    source,
    host,
    port,
    log: options['log'],
    seed: seedOf(options['seed']),
    requireKey: options['require-key'] === undefined ? null : secretOf('require-key', options['require-key'], io),
    mask,
    loose: options['loose'] !== undefined,
    pace: options['pace'] !== undefined,
    json,
    command: commandOf(rest),
  };
}

function sourceOf(file: string | undefined, options: Readonly<Record<string, string | undefined>>, io: Io): Source {
  const { record, upstream, key } = options;
  if (record === undefined) {
    if (file === undefined) throw wrong('which script? agent-jail model SCRIPT', 'Or record a real model: --record FILE --upstream URL.');
    for (const name of ['upstream', 'key']) if (options[name] !== undefined) throw wrong(`--${name} has a meaning with --record only`);
    return { kind: 'file', file };
  }
  if (file !== undefined)
    throw wrong(`--record asks a real model, and ${JSON.stringify(file)} would answer in its place`, 'Give one of them.');
  if (upstream === undefined) throw wrong('--record needs the model server to ask', 'Such as --upstream https://api.anthropic.com');
  return { kind: 'record', file: record, upstream: upstreamOf(upstream), key: key === undefined ? null : secretOf('key', key, io) };
}

function upstreamOf(text: string): URL {
  const url = URL.parse(text);
  const said = JSON.stringify(text);
  if (url === null || !['http:', 'https:'].includes(url.protocol))
    throw wrong(`--upstream ${said} is not a URL, such as https://api.openai.com`);
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    throw wrong('--upstream is scheme, host and path alone', 'A key goes by --key NAME.');
  }
  if (url.protocol === 'http:' && !isLoopback(url.hostname.replace(/^\[|\]$/g, ''))) {
    throw wrong(`--upstream ${said} would send keys in the clear`, 'Use https://.');
  }
  return url;
}

function listenOf(text: string): { host: string; port: number } {
  const [, host = '127.0.0.1', digits = ''] = /^(?:(.+):)?(\d{1,5})$/.exec(text) ?? [];
  const address = host === 'localhost' ? '127.0.0.1' : host.replace(/^\[(.*)\]$/, '$1');
  const port = Number(digits);
  if (digits === '' || port > 65_535 || isIP(address) === 0) {
    throw wrong(`--listen ${JSON.stringify(text)} is not an IP address and a port, such as 127.0.0.1:8080`);
  }
  return { host: address, port };
}
const isLoopback = (host: string): boolean => host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));

function seedOf(text: string | undefined): number | null {
  if (text === undefined) return null;
  const seed = Number(text);
  if (!/^\d{1,16}$/.test(text) || !Number.isSafeInteger(seed)) throw wrong(`--seed ${JSON.stringify(text)} is not a whole number from 0`);
  return seed;
}

function secretOf(option: string, name: string, io: Io): Secret {
  const value = io.env[name] ?? '';
  if (value === '') throw wrong(`--${option} ${JSON.stringify(name)}: there is no such variable in the environment, or it is empty`);
  return { name, value };
}
function refuse(secrets: readonly Secret[]): void {
  const problems = refuseShort(secrets);
  if (problems.length > 0) throw new UserError(problems);
}

function commandOf(rest: readonly string[] | null): ModelOptions['command'] {
  if (rest === null) return null;
  const [program = '', ...args] = rest;
  if (program === '' || program.startsWith('-')) throw wrong(`${JSON.stringify(program)} is not the name of a program`);
  return [program, ...args];
}
