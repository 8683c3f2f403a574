import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ManifestDocument, RunDocument, VerdictDocument } from '../../src/model/record.ts';

export const REPOSITORY = join(import.meta.dirname, '../..');
export const CLI = join(REPOSITORY, 'dist/cli.js');
/** Node 24, also where the machine's own is older. */
export const NODE = realpathSync(process.execPath);

/** Where the engine of the tests is: a runner has it in the environment, too, where it is not at the usual place. */
export const ENGINE: Readonly<Record<string, string>> =
  process.env['DOCKER_HOST'] === undefined ? {} : { DOCKER_HOST: process.env['DOCKER_HOST'] };

export interface Ran {
  readonly code: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Directory of the record. */
  readonly out: string;
  readonly transcript: string;
  readonly run: RunDocument;
  readonly verdict: VerdictDocument;
  readonly manifest: ManifestDocument;
  /** Lines of an NDJSON file of the record, without header and footer. */
  ndjson(file: string): Record<string, unknown>[];
}
export interface Options {
  /** YAML. */
  readonly policy?: string;
  readonly setup?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly args?: readonly string[];
  readonly cwd?: string;
  /** Command line before the command line's own, as of a world (`world.ts`). */
  readonly enter?: readonly string[];
}

/** A temporary directory that goes with the test. */
export function temporary(prefix = 'aj-test-'): { path: string; [Symbol.dispose](): void } {
  const path = realpathSync(mkdtempSync(join(tmpdir(), prefix)));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}

/** A small git repository to run in: `a.txt`, `src/b.txt`, `.gitignore` with `build/`. */
export function repository(at: string): string {
  const path = join(at, 'work');
  mkdirSync(join(path, 'src'), { recursive: true });
  writeFileSync(join(path, 'a.txt'), 'one\ntwo\nthree\n');
  writeFileSync(join(path, 'src/b.txt'), 'b\n');
  writeFileSync(join(path, '.gitignore'), 'build/\n');
  chmodSync(path, 0o755);
  git(path, 'init', '--quiet', '--initial-branch=main');
  git(path, 'add', '--all');
  git(path, '-c', 'user.name=t', '-c', 'user.email=t@example.com', 'commit', '--quiet', '--message=base');
  return path;
}
export const git = (cwd: string, ...args: string[]): string =>
  execFileSync('git', args, {
    cwd,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'] ?? '', GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1', HOME: '/nonexistent' },
  });

/** `agent-jail run` on a script, for real, by the bundle that is shipped. The script is the step's, run by `sh`. */
export async function jailed(at: string, script: string, options: Options = {}): Promise<Ran> {
  const out = mkdtempSync(join(at, 'record-'));
  const policy = join(at, `policy-${Math.random().toString(36).slice(2)}.yml`);
  writeFileSync(policy, options.policy ?? 'version: 1\nlimits: { disk: 256MiB, memory: 1GiB, time: 1m }\n');
  const setup = options.setup === undefined ? [] : ['--setup', options.setup];
  const args = ['run', '--policy', policy, '--out', out, ...setup, ...(options.args ?? []), '--', 'sh', '-c', script];
  const { cwd = join(at, 'work'), env = {}, enter = [] } = options;
  const ran = await cli(args, { cwd, env, enter });
  return { ...ran, ...record(out) };
}

/** The command line, run to its end. */
export async function cli(args: readonly string[], options: { cwd: string } & Pick<Options, 'env' | 'enter'>) {
  const [program = NODE, ...rest] = [...(options.enter ?? []), NODE, CLI, ...args];
  const child = spawn(program, rest, {
    cwd: options.cwd,
    env: { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '/root', ...ENGINE, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  const [code, signal] =
    child.exitCode !== null || child.signalCode !== null
      ? [child.exitCode, child.signalCode]
      : await new Promise<[number | null, string | null]>((resolve) => child.once('close', (c, s) => resolve([c, s])));
  return { code, signal, stdout, stderr };
}

/** What is in a record's directory. */
export function record(out: string) {
  const json = <T>(file: string): T => JSON.parse(read(join(out, file)) || 'null') as T;
  return {
    out,
    transcript: read(join(out, 'transcript.log')),
    run: json<RunDocument>('run.json'),
    verdict: json<VerdictDocument>('verdict.json'),
    manifest: json<ManifestDocument>('manifest.json'),
    ndjson: (file: string) =>
      read(join(out, file))
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as Record<string, unknown>)
        .filter((line) => !('schema' in line) && !('end' in line)),
  };
}

async function text(stream: NodeJS.ReadableStream): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
