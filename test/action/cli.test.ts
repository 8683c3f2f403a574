import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const CLI = new URL('../../dist/cli.js', import.meta.url).pathname;
let workspace: string;
beforeEach(() => {
  workspace = mkdtempSync(join(tmpdir(), 'agent-jail-cli-'));
  writeFileSync(join(workspace, 'a.txt'), 'one\n');
});
afterEach(() => rmSync(workspace, { recursive: true, force: true }));

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

async function call(argv: readonly string[], more: { env?: Record<string, string>; signalAt?: string } = {}): Promise<Ended> {
  const env = { PATH: process.env['PATH'] ?? '', HOME: '/root', ...more.env };
  const child = spawn(process.execPath, [CLI, ...argv], { cwd: workspace, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let [out, err] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
    if (more.signalAt !== undefined && out.includes(more.signalAt)) child.kill('SIGINT');
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, out, err };
}

describe('agent-jail run', () => {
  it('runs a command with exactly its arguments, prints its output, and keeps a record that verifies', async () => {
    const { code, out, err } = await call(['run', '--', 'printf', '[%s]', '$HOME', "it's", '', '*', 'a\nb']);
    expect({ code, out }).toEqual({ code: 0, out: "[$HOME][it's][][*][a\nb]" });
    const record = /^agent-jail: record (.*)$/m.exec(err)?.[1] ?? '';
    expect(record).toMatch(/\/\.agent-jail\/[0-9A-Z]{26}$/);
    expect(readFileSync(join(workspace, '.agent-jail', '.gitignore'), 'utf8')).toBe('*\n');
    expect(await call(['verify', record])).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^intact, manifest sha256 [0-9a-f]{64}\n$/),
    });

    writeFileSync(join(record, 'transcript.log'), 'forged');
    expect(await call(['verify', record])).toMatchObject({ code: 3, out: expect.stringMatching(/^broken/) });
  });

  it('leaves the directory as it was, and the change in the record', async () => {
    const { code } = await call(['run', '--out', 'rec', '--', 'sh', '-c', 'echo two >> a.txt']);
    expect(code).toBe(0);
    expect(readFileSync(join(workspace, 'a.txt'), 'utf8')).toBe('one\n');
    expect(readFileSync(join(workspace, 'rec', 'changes.patch'), 'utf8')).toContain('+two');
    expect(existsSync(join(workspace, '.agent-jail'))).toBe(false);
  });

  it('exits with the outcome’s code, or with the step’s own when asked', async () => {
    expect((await call(['run', '--', 'sh', '-c', 'exit 7'])).code).toBe(1);
    expect((await call(['run', '--exit-code', 'step', '--', 'sh', '-c', 'exit 7'])).code).toBe(7);
  });

  it('prints one JSON document and nothing else with --json', async () => {
    const { code, out } = await call(['run', '--json', '--setup', 'echo setting up', '--', 'sh', '-c', 'echo noise; exit 7']);
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({ schema: 'agent-jail/result@1', outcome: 'step-failed', stepExit: 7, exit: 1 });
    expect(out.split('\n')).toHaveLength(2);
  });

  it('reads the policy and the steps from files', async () => {
    writeFileSync(join(workspace, 'p.yml'), 'env: { GREETING: hello }\n');
    writeFileSync(join(workspace, 's.yml'), '- run: echo "$GREETING one"\n- run: echo two\n');
    expect(await call(['run', '--policy', 'p.yml', '--steps', 's.yml'])).toMatchObject({ code: 0, out: 'hello one\ntwo\n' });
  });

  it('prints nothing that acts on a terminal, or on a runner', async () => {
    const evil = ['run', '--', 'printf', '\\033[2J\\033]52;c;eA==\\007::error::x\\n'];
    expect((await call(evil)).out).toBe('::error::x\n');
    expect((await call(evil, { env: { GITHUB_ACTIONS: 'true' } })).out).toBe('\\::error::x\n');
  });

  it('shows on a terminal what the step uses while it runs, and leaves only how it ended', () => {
    const script = "printf 'half '; sleep 0.6; echo whole; head -c 40000000 /dev/zero | tail -c 40000000 | wc -c; sleep 2.4; echo end";
    const run = `'${process.execPath}' '${CLI}' run -- sh -c '${script.replaceAll("'", "'\\''")}'`;
    // A terminal of its own.
    const env = { PATH: process.env['PATH'] ?? '', HOME: '/root', TERM: 'xterm' };
    const shown = spawnSync('script', ['--quiet', '--return', '--command', run, '/dev/null'], {
      cwd: workspace,
      env,
      encoding: 'utf8',
      input: '',
    });
    expect(shown.status).toBe(0);
    expect(shown.stdout).toMatch(/\r\x1b\[K1\/1 sh {2}[\d.]+ s, 20 bytes printed, memory [\d.]+ MiB, \d+ process/);
    // What is left on the screen: of each line what came after it was last erased.
    const screen = shown.stdout.split(/\r?\n/).map((line) => line.split('\r\x1b[K').at(-1));
    expect(screen.slice(0, 3)).toEqual(['half whole', '40000000', 'end']);
    expect(screen[3]).toMatch(/^1\/1 sh: exit 0, [\d.]+ s, \d+ bytes, memory up to [\d.]+ MiB$/);
    expect(screen.slice(4)).toEqual(['agent-jail: succeeded', expect.stringMatching(/^agent-jail: record /), '']);
  });

  it('ends on a signal with a sealed record', async () => {
    const { code, err } = await call(['run', '--out', 'rec', '--', 'sh', '-c', 'echo here; sleep 60'], { signalAt: 'here' });
    expect(code).toBe(130);
    expect(err).toContain('agent-jail: cancelled: ');
    expect((await call(['verify', 'rec'])).code).toBe(0);
  });

  it('starts nothing for a usage error, and does not hang', async () => {
    writeFileSync(join(workspace, 'p.yml'), 'secrets: { KEY_THAT_IS_NOT_SET: expose }\n');
    expect(await call(['run', '--policy', 'p.yml', '--', 'true'])).toMatchObject({
      code: 2,
      out: '',
      err: expect.stringContaining('KEY_THAT_IS_NOT_SET'),
    });
  });
});

describe('agent-jail doctor', () => {
  it('finds this machine fit, and nothing to clean', async () => {
    expect((await call(['doctor'])).code).toBe(0);
    expect(await call(['doctor', '--clean'])).toMatchObject({ code: 0, out: 'nothing to remove\n' });
  });
});

describe('a reader that goes', () => {
  it.each([
    ['explain', 'explain', 0],
    ['a run, whose record is whole', "run --out rec -- sh -c 'seq 100000; exit 3'", 1],
  ])('is no error: %s', async (_, command, code) => {
    const script = `"${process.execPath}" "${CLI}" ${command} | head -n 1 >/dev/null; echo "\${PIPESTATUS[0]}"`;
    const child = spawn('bash', ['-c', script], { cwd: workspace, stdio: ['ignore', 'pipe', 'pipe'] });
    let [out, err] = ['', ''];
    child.stdout.on('data', (text: Buffer) => (out += text.toString()));
    child.stderr.on('data', (text: Buffer) => (err += text.toString()));
    await new Promise((resolve) => child.once('close', resolve));
    expect([out, err.includes('EPIPE')]).toEqual([`${code}\n`, false]);
    if (command.startsWith('run')) expect((await call(['verify', 'rec'])).out).toMatch(/^intact/);
  });
});

describe('an older Node', () => {
  it('is told at once what is needed', async () => {
    const older = `data:text/javascript,Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.1.0' } })`;
    const child = spawn(process.execPath, ['--import', older, CLI, 'run', '--', 'true'], {
      cwd: workspace,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let err = '';
    child.stderr.on('data', (text: Buffer) => (err += text.toString()));
    const code = await new Promise((resolve) => child.once('close', resolve));
    expect([code, err]).toEqual([70, 'agent-jail: needs Node 24 or later, and this is 20.1.0. Install it, or put it first on PATH.\n']);
    expect(existsSync(join(workspace, '.agent-jail'))).toBe(false);
  });
});
