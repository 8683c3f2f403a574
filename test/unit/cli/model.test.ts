import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { COMMANDS } from '../../../src/cli/help.ts';
import type { Io } from '../../../src/cli/io.ts';
import { cli } from '../../../src/cli/main.ts';

const CLI = new URL('../../../src/cli.ts', import.meta.url).pathname;
const KEY = 'sk-live-0123456789';
let directory: string;
const children: ChildProcess[] = [];
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'agent-jail-model-'));
  writeFileSync(join(directory, 's.yml'), 'answers: [{ say: hello }]\ndefault: { say: again }\n');
  writeFileSync(join(directory, 'wrong.yml'), 'answers: [{ sya: hello }]\n');
  writeFileSync(join(directory, 'there.ndjson'), 'mine');
  const entry = { place: 'POST /v1/x', key: 'a'.repeat(64), request: {}, status: 200, type: '', body: 'x' };
  writeFileSync(join(directory, 'cut.ndjson'), `{"schema":"agent-jail/cassette@1","upstream":"x"}\n${JSON.stringify(entry)}\n`);
  writeFileSync(join(directory, 'other.ndjson'), '{"schema":"agent-jail/cassette@9"}\n');
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

class Running {
  out = '';
  err = '';
  readonly child: ChildProcess;
  readonly ended: Promise<number | null>;
  constructor(argv: readonly string[], env: Record<string, string> = {}) {
    this.child = spawn(process.execPath, [CLI, 'model', ...argv], {
      cwd: directory,
      env: { PATH: process.env['PATH'] ?? '', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    children.push(this.child);
    this.child.stdout?.on('data', (text: Buffer) => (this.out += text.toString()));
    this.child.stderr?.on('data', (text: Buffer) => (this.err += text.toString()));
    this.ended = new Promise((resolve) => this.child.once('close', resolve));
  }
  async url(): Promise<string> {
    await expect.poll(() => this.out + this.err, { timeout: 15_000 }).toMatch(/http:\/\/\S+\n/);
    return /http:\/\/127\.0\.0\.1:\d+/.exec(this.out + this.err)?.[0] ?? '';
  }
}
const post = async (url: string, body: unknown, key = ''): Promise<{ status: number; text: string }> => {
  const response = await fetch(url, { method: 'POST', body: JSON.stringify(body), headers: key === '' ? {} : { 'x-api-key': key } });
  return { status: response.status, text: await response.text() };
};
const message = (text: string) => ({ messages: [{ role: 'user', content: text }] });

describe('agent-jail model', () => {
  it('says how a jail reaches it, serves until a signal comes, and keeps a log without keys', async () => {
    const running = new Running(['s.yml', '--log', 'log.ndjson', '--require-key', 'MY_KEY'], { MY_KEY: KEY });
    const url = await running.url();
    const { port } = new URL(url);
    expect(running.out).toBe(
      `agent-jail model: ${url}\nagent-jail model: for a jail to reach it as http://model:${port}, its policy says\nnetwork: { services: { model: ${port} } }\n`,
    );
    expect((await post(`${url}/v1/messages`, message(`${KEY}`), KEY)).text).toContain('"text":"hello"');
    expect((await post(`${url}/v1/messages`, message('x'), 'wrong')).status).toBe(401);
    expect((await post(`${url}/v1/::error::x`, message('x'), KEY)).status).toBe(404);
    running.child.kill('SIGTERM');
    expect(await running.ended).toBe(0);
    expect(running.err).toBe(
      [
        'agent-jail model: the key is not the one that is required',
        'agent-jail model: POST /v1/::error::x is not known here',
        'agent-jail model: 3 requests, 2 of them refused or broken',
        '',
      ].join('\n'),
    );
    const log = readFileSync(join(directory, 'log.ndjson'), 'utf8');
    expect(log).not.toContain(KEY);
    const lines = log
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines).toMatchObject([
      { schema: 'agent-jail/model-log@1' },
      { status: 200, key: 'right', told: '[redacted MY_KEY]' },
      { status: 401, key: 'wrong' },
      { status: 404, key: 'right' },
      { end: true, lines: 3, more: 0 },
    ]);
  });

  it('says where it listens as JSON', async () => {
    const running = new Running(['s.yml', '--json', '--listen', '[::1]:0']);
    await expect.poll(() => running.out, { timeout: 15_000 }).toContain('\n');
    const { port, ...said } = JSON.parse(running.out) as { port: number };
    expect(said).toEqual({
      schema: 'agent-jail/model@1',
      kind: 'script',
      url: `http://[::1]:${port}`,
      policy: { network: { services: { model: port } } },
    });
    running.child.kill('SIGINT');
    expect([await running.ended, running.err]).toEqual([0, '']);
  });

  it('runs a command that finds it, and ends with it', async () => {
    const script = `
      const env = process.env;
      const bases = [env.ANTHROPIC_BASE_URL + '/v1/messages', env.OPENAI_BASE_URL + '/responses', env.OPENAI_BASE_URL + '/chat/completions',
        env.GEMINI_BASE_URL + '/v1beta/models/m:generateContent', env.GOOGLE_GEMINI_BASE_URL + '/v1beta/models/m:generateContent'];
      for (const url of bases) console.log((await (await fetch(url, { method: 'POST', body: '{}' })).text()).includes('hello'));
      process.exitCode = 7;`;
    const running = new Running(['s.yml', '--', process.execPath, '--input-type=module', '--eval', script]);
    expect([await running.ended, running.out]).toEqual([7, 'true\n'.repeat(5)]);
    expect(running.err).toMatch(/network: .*\nagent-jail model: 5 requests, 0 of them refused or broken\n$/);
  });

  it('passes a signal on to the command, and exits as a shell does', async () => {
    const running = new Running(['s.yml', '--', 'sh', '-c', 'echo on; exec sleep 60']);
    await expect.poll(() => running.out, { timeout: 15_000 }).toBe('on\n');
    running.child.kill('SIGTERM');
    expect(await running.ended).toBe(143);
    const missing = new Running(['s.yml', '--', 'there-is-no-such-program']);
    expect([await missing.ended, missing.err]).toEqual([
      2,
      expect.stringContaining('agent-jail: cannot start there-is-no-such-program: there is no such program\n'),
    ]);
  });

  it('records a model and plays it', async () => {
    const real = new Running(['s.yml', '--require-key', 'REAL'], { REAL: KEY });
    const upstream = await real.url();
    const argv = ['--record', 'tape.ndjson', '--upstream', upstream, '--key', 'REAL', '--mask', 'WORD, REAL'];
    const recorder = new Running(argv, { REAL: KEY, WORD: 'my-secret-word' });
    const asked = message('say my-secret-word');
    const first = await post(`${await recorder.url()}/v1/messages`, asked, 'agent-jail-placeholder-1');
    expect(first).toMatchObject({ status: 200, text: expect.stringContaining('hello') });
    recorder.child.kill('SIGTERM');
    real.child.kill('SIGTERM');
    expect([await recorder.ended, await real.ended]).toEqual([0, 0]);
    expect(readFileSync(join(directory, 'tape.ndjson'), 'utf8')).not.toMatch(/sk-live|my-secret-word|placeholder/);

    const player = new Running(['tape.ndjson', '--mask', 'WORD'], { WORD: 'my-secret-word' });
    const url = await player.url();
    expect(await post(`${url}/v1/messages`, asked)).toEqual(first);
    expect((await post(`${url}/v1/messages`, message('another'))).text).toContain(
      'the nearest is number 1, which differs at messages[0].content',
    );
  });

  it('says that a cassette was cut off', async () => {
    const running = new Running(['cut.ndjson']);
    await running.url();
    expect(running.err).toBe('agent-jail model: cut.ndjson was cut off: it ends with request 1\n');
  });

  it('leaves no cassette behind where it could not begin', async () => {
    const first = new Running(['s.yml']);
    const { host } = new URL(await first.url());
    const second = new Running(['--record', 'none.ndjson', '--upstream', 'https://api.example.com', '--listen', host]);
    expect([await second.ended, second.err]).toEqual([
      2,
      `agent-jail: cannot listen on ${host}: something else does. Give another: --listen HOST:PORT.\n`,
    ]);
    const third = new Running(['--record', 'none.ndjson', '--upstream', 'https://api.example.com', '--log', 'no/such/log']);
    expect([await third.ended, third.err]).toEqual([2, expect.stringContaining('cannot write no/such/log: ENOENT')]);
    expect(existsSync(join(directory, 'none.ndjson'))).toBe(false);
  });

  it.each([
    [[], /which script\? agent-jail model SCRIPT\. Or record a real model/],
    [['absent.yml'], /cannot read absent\.yml: there is no such file/],
    [['.'], /cannot read \.: it is a directory/],
    [['wrong.yml'], /^wrong\.yml:1:13: answers\[0\]: unknown key "sya"\. Did you mean `say`\?/],
    [['other.ndjson'], /^other\.ndjson:1:1: this version of agent-jail reads agent-jail\/cassette@1 only/],
    [['s.yml', '--lsiten', '1'], /Did you mean `--listen`/],
    [['s.yml', '--listen', 'example.com:80'], /"example\.com:80" is not an IP address and a port, such as 127\.0\.0\.1:8080/],
    [['s.yml', '--listen', '127.0.0.1:70000'], /is not an IP address and a port/],
    [['s.yml', '--seed', '-1'], /seed/],
    [['s.yml', '--seed', '1.5'], /--seed "1\.5" is not a whole number from 0/],
    [['s.yml', '--require-key', 'NOT_SET'], /--require-key "NOT_SET": there is no such variable in the environment, or it is empty/],
    [['s.yml', '--mask', 'SHORT'], /the value of SHORT cannot be kept out of the record: it has fewer than 6 bytes/],
    [['s.yml', '--loose'], /--loose has a meaning for cassettes only, and s\.yml is none/],
    [['s.yml', '--pace'], /--pace has a meaning for cassettes only/],
    [['cut.ndjson', '--seed', '1'], /--seed has a meaning for scripts only/],
    [['s.yml', '--upstream', 'https://x'], /--upstream has a meaning with --record only/],
    [['s.yml', '--key', 'SHORT'], /--key has a meaning with --record only/],
    [['--record', 'c', 's.yml'], /--record asks a real model, and "s\.yml" would answer in its place/],
    [['--record', 'c'], /--record needs the model server to ask\. Such as --upstream https:\/\/api\.anthropic\.com/],
    [['--record', 'c', '--upstream', 'api.x.com'], /--upstream "api\.x\.com" is not a URL/],
    [['--record', 'c', '--upstream', 'https://u:p@x.com'], /--upstream is scheme, host and path alone/],
    [['--record', 'c', '--upstream', 'http://x.com'], /--upstream "http:\/\/x\.com" would send keys in the clear/],
    [
      ['--record', 'c', '--upstream', 'https://x.com', '--listen', '0.0.0.0:80'],
      /--record listens on loopback only, and 0\.0\.0\.0 is not/,
    ],
    [['--record', 'c', '--upstream', 'https://x.com', '--loose'], /--loose has no meaning with --record/],
    [['--record', 'there.ndjson', '--upstream', 'https://x.com'], /cannot write there\.ndjson: it is there already/],
    [['s.yml', '--log', 'no/such/log'], /cannot write no\/such\/log: ENOENT/],
    [['s.yml', '--json', '--', 'true'], /--json and `-- CMD …` both want stdout/],
    [['s.yml', '--', '-x'], /"-x" is not the name of a program/],
  ])('exits 2 for %j and says why', async (argv, expected) => {
    let err = '';
    const io: Io = {
      out: () => {},
      err: (text) => void (err += text),
      env: { SHORT: 'abc' },
      cwd: directory,
      terminal: false,
      live: false,
      colours: false,
    };
    expect(await cli(['model', ...argv], io)).toBe(2);
    expect(err).toMatch(expected);
    expect(readFileSync(join(directory, 'there.ndjson'), 'utf8')).toBe('mine');
  });
});

describe('examples/model', () => {
  const example = new URL('../../../examples/model/', import.meta.url).pathname;

  it('has an agent that does its task by the script', async () => {
    const work = join(directory, 'example');
    cpSync(example, work, { recursive: true });
    const running = new Running([
      'example/script.yml',
      '--',
      'sh',
      '-c',
      `cd example && exec '${process.execPath}' agent.mjs 'Mend sum.mjs'`,
    ]);
    expect([await running.ended, running.out]).toEqual([0, 'I look at the program.\nIt is mended.\n']);
    expect(running.err).toContain('5 requests, 0 of them refused or broken');
    expect(readFileSync(join(work, 'sum.mjs'), 'utf8')).toBe('export const sum = (a, b) => a + b;\n');
  });
});

describe('docs/model.md', () => {
  const read = (name: string): string => readFileSync(new URL(`../../../${name}`, import.meta.url), 'utf8');
  const page = read('docs/model.md');

  it.each(['script.yml', 'policy.yml'])('shows %s as it is', (name) => {
    expect(page).toContain(`\`\`\`yaml\n${read(`examples/model/${name}`)}\`\`\``);
  });

  interface Schema {
    readonly properties?: Readonly<Record<string, Schema>>;
    readonly items?: Schema;
    readonly anyOf?: readonly Schema[];
    readonly type?: string;
  }
  const keys = ({ properties = {}, items, anyOf = [] }: Schema, path = ''): string[] => [
    ...Object.entries(properties).flatMap(([name, below]) => [path + name, ...keys(below, `${path}${name}.`)]),
    ...(items === undefined ? [] : keys(items, path)),
    ...anyOf.flatMap((one) => keys(one, path)),
  ];
  const schema = JSON.parse(read('schema/model.schema.json')) as Schema;
  const answer = schema.properties?.['answers'] ?? {};
  const { default: _, ...top } = schema.properties ?? {};
  const all = [...Object.keys(top), 'default', ...keys(answer).filter((key) => !['write', 'call', 'error', 'usage', 'when'].includes(key))];
  it.each([...new Set(all)])('has a row for %s', (key) => {
    expect(page).toMatch(new RegExp(`^\\| (?:\`[^|]*)?\`${key.replace('.', '\\.')}\``, 'm'));
  });
  it.each(Object.keys(COMMANDS.model.options))('tells of %s', (option) => {
    expect(page).toContain(`\n| \`${option}\` |`);
  });
});
