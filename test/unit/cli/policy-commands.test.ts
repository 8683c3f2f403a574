import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Io } from '../../../src/cli/io.ts';
import { cli } from '../../../src/cli/main.ts';
import { defaultPolicy, parsePolicy } from '../../../src/policy/parse.ts';

const cwd = mkdtempSync(join(tmpdir(), 'agent-jail-policies-'));
afterAll(() => rmSync(cwd, { recursive: true, force: true }));
const files = {
  'good.yml': 'version: 1\nlimits: { time: 5m }\n',
  'bad.yml': 'version: 1\nnetwrok: none\nlimits:\n  time: 5 parsecs\n',
};
for (const [name, text] of Object.entries(files)) writeFileSync(join(cwd, name), text);

async function call(...argv: string[]): Promise<{ code: number; out: string; err: string }> {
  let [out, err] = ['', ''];
  const io: Io = {
    out: (text) => void (out += text),
    err: (text) => void (err += text),
    env: {},
    cwd,
    terminal: false,
    live: false,
    colours: false,
  };
  return { code: await cli(argv, io), out, err };
}

describe('check', () => {
  it('has nothing to say about a good policy', async () => {
    expect(await call('check', 'good.yml')).toEqual({ code: 0, out: 'good.yml: ok\n', err: '' });
  });

  it('prints all problems at their places', async () => {
    const { code, out } = await call('check', 'bad.yml');
    expect(code).toBe(2);
    expect(
      out
        .split('\n')
        .slice(0, -1)
        .map((line) => line.split(': ')[0]),
    ).toEqual(['bad.yml:2:1', 'bad.yml:4:9']);
    expect(out).toMatch(/Did you mean `network`/i);
  });

  it('gives the same as JSON', async () => {
    const { code, out } = await call('check', '--json', 'bad.yml');
    expect(code).toBe(2);
    expect(JSON.parse(out)).toMatchObject({
      schema: 'agent-jail/check@1',
      file: 'bad.yml',
      ok: false,
      problems: [{ place: { line: 2 } }, { place: { line: 4 } }],
    });
  });
});

describe('explain', () => {
  it('prints a policy that parses to the same, and its weak points', async () => {
    const { code, out } = await call('explain', 'good.yml');
    expect(code).toBe(0);
    const [policy = '', weak = ''] = out.split('\nWeak points:\n');
    expect(parsePolicy(policy, 'x').digest).toBe(parsePolicy(files['good.yml'], 'x').digest);
    expect(weak).not.toBe('');
  });

  it('explains the defaults without a file', async () => {
    expect((await call('explain')).out).toContain(defaultPolicy().digest);
    expect(JSON.parse((await call('explain', '--json')).out)).toMatchObject({
      schema: 'agent-jail/explain@1',
      digest: defaultPolicy().digest,
    });
  });
});

describe('verify', () => {
  it('calls a directory that is no record broken', async () => {
    expect(await call('verify', '.')).toMatchObject({ code: 3, out: expect.stringMatching(/^broken\n/) });
    expect(await call('verify', '--json', 'absent')).toMatchObject({ code: 3, out: expect.stringContaining('"state":"broken"') });
  });
});
