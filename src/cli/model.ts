import { rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { resolve } from 'node:path';
import { CassetteWriter, isCassette, readCassette } from '../scripted/cassette.ts';
import type { Model } from '../scripted/exchange.ts';
import { ModelLog } from '../scripted/log.ts';
import { ScriptedModel } from '../scripted/model.ts';
import { parseScript } from '../scripted/parse.ts';
import { Player } from '../scripted/player.ts';
import { Recorder } from '../scripted/recorder.ts';
import { listen } from '../scripted/server.ts';
import { tooShort } from '../secrets/forms.ts';
import { Redactor } from '../transcript/redact.ts';
import { LogSanitiser } from '../transcript/sanitise.ts';
import { wrong } from './args.ts';
import { json } from './io.ts';
import type { Io } from './io.ts';
import { type ModelOptions, optionsOf } from './model-options.ts';
import { untilSignal, whileRunning } from './model-until.ts';

/** Of problems that are printed; the log has all of them. */
const MOST_PRINTED = 100;
/** Bytes of a script that are read: more than its reader takes. */
const MOST_READ = (1 << 20) + 1;

interface Behind {
  readonly kind: 'script' | 'cassette' | 'record';
  readonly model: Model;
  /** `served` false: it came to nothing. */
  readonly end: (served: boolean) => void;
}

/** `agent-jail model [options] SCRIPT|CASSETTE [-- CMD …]`: serves until a signal comes, or CMD ends. */
export async function modelCommand(argv: readonly string[], io: Io): Promise<number> {
  const options = optionsOf(argv, io);
  const hidden = [...options.mask, ...(options.source.kind === 'record' && options.source.key !== null ? [options.source.key] : [])];
  const required = options.requireKey === null || tooShort(options.requireKey.value) !== null ? [] : [options.requireKey];
  const redactor = new Redactor([...hidden, ...required]);
  // Asked for first: who cannot be obeyed has started nothing.
  const { kind, model, end } = await behind(options, io, redactor);
  const clean = (text: string): string => redactor.redactText(text);
  const log = options.log === undefined ? null : logTo(options.log, io, clean, () => end(false));
  const counts = { requests: 0, problems: 0 };
  const serving = {
    model,
    key: options.requireKey?.value ?? null,
    note: (line: object & { readonly problem: string | null }) => {
      counts.requests += 1;
      log?.line({ ...line });
      if (line.problem !== null) tell(io, clean(line.problem), ++counts.problems);
    },
  };
  const { server, url } = await listen(serving, options.host, options.port).catch((error: NodeJS.ErrnoException) => {
    end(false);
    const why = LISTEN[error.code ?? ''] ?? error.message;
    throw wrong(`cannot listen on ${options.host}:${options.port}: ${why}`, 'Give another: --listen HOST:PORT.');
  });
  try {
    const { command } = options;
    // Before it is told where it listens: who reads that may send the signal at once.
    const asked = command === null ? untilSignal() : null;
    announce(io, options, kind, url);
    return command === null ? ((await asked) ?? 0) : await whileRunning(command, url, io);
  } finally {
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
    end(true);
    log?.end();
    if (!options.json) io.err(`agent-jail model: ${counts.requests} requests, ${counts.problems} of them refused or broken\n`);
  }
}
const LISTEN: Readonly<Record<string, string>> = {
  EADDRINUSE: 'something else does',
  EACCES: 'it is not allowed',
  EADDRNOTAVAIL: 'this machine has no such address',
};

async function behind({ source, seed, loose, pace }: ModelOptions, io: Io, redactor: Redactor): Promise<Behind> {
  const clean = (text: string): string => redactor.redactText(text);
  const path = resolve(io.cwd, source.file);
  if (source.kind === 'record') {
    const { upstream, key } = source;
    const cassette = created(source.file, () => new CassetteWriter(path, upstream.origin));
    const scrubber = () => redactor.beside();
    return {
      kind: 'record',
      model: new Recorder({ upstream, cassette, key: key?.value ?? null, clean, scrubber }),
      end: (served) => {
        cassette.end();
        if (!served) rmSync(path);
      },
    };
  }
  const text = await beginning(path, source.file);
  if (!isCassette(text)) {
    if (loose || pace)
      throw wrong(`--${loose ? 'loose' : 'pace'} has a meaning for cassettes only, and ${source.file} is none`, 'Leave it out.');
    return { kind: 'script', model: new ScriptedModel(parseScript(text, source.file), seed ?? 0), end: () => {} };
  }
  if (seed !== null) throw wrong('--seed has a meaning for scripts only, and this is a cassette', 'Leave it out.');
  const { entries, complete } = await readCassette(path, source.file);
  if (!complete) io.err(`agent-jail model: ${source.file} was cut off: it ends with request ${entries.length}\n`);
  return { kind: 'cassette', model: new Player(entries, { loose, pace, clean }), end: () => {} };
}

/** All of a script; a cassette may be much longer. Throws a UserError that says why not. */
async function beginning(path: string, file: string): Promise<string> {
  try {
    await using handle = await open(path);
    const buffer = Buffer.alloc(MOST_READ);
    let size = 0;
    for (let read = 1; read > 0 && size < MOST_READ; size += read) ({ bytesRead: read } = await handle.read(buffer, size));
    return buffer.subarray(0, size).toString();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw wrong(`cannot read ${file}: ${code === 'ENOENT' ? 'there is no such file' : code === 'EISDIR' ? 'it is a directory' : message}`);
  }
}

function logTo(file: string, io: Io, clean: (text: string) => string, failed: () => void): ModelLog {
  try {
    return created(file, () => new ModelLog(resolve(io.cwd, file), clean));
  } catch (error) {
    failed();
    throw error;
  }
}

/** A file of ours. Throws a UserError that says why not. */
function created<T>(file: string, create: () => T): T {
  try {
    return create();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw wrong(
      `cannot write ${file}: ${code === 'EEXIST' ? 'it is there already' : message}`,
      code === 'EEXIST' ? 'Give another name, or remove it.' : '',
    );
  }
}

function announce(io: Io, { json: asJson, command }: ModelOptions, kind: Behind['kind'], url: string): void {
  const port = Number(new URL(url).port);
  const policy = { network: { services: { model: port } } };
  if (asJson) return json(io, { schema: 'agent-jail/model@1', kind, url, port, policy });
  const lines = [
    `agent-jail model: ${url}`,
    `agent-jail model: for a jail to reach it as http://model:${port}, its policy says`,
    `network: { services: { model: ${port} } }`,
  ];
  // What CMD prints is its own.
  if (command === null) io.out(`${lines.join('\n')}\n`);
  else io.err(`${lines.join('\n')}\n`);
}

function tell(io: Io, problem: string, count: number): void {
  if (count > MOST_PRINTED) return;
  const more = count === MOST_PRINTED ? ' (no more are printed)' : '';
  const line = `agent-jail model: ${problem.replace(/\s+/g, ' ')}${more}\n`;
  for (const one of new LogSanitiser().push(line)) io.err(`${one}\n`);
}
