import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../../../src/cli/help.ts';
import type { Io } from '../../../src/cli/io.ts';
import { cli } from '../../../src/cli/main.ts';
import { VERSION } from '../../../src/cli/version.ts';

const read = (name: string): string => readFileSync(new URL(`../../../${name}`, import.meta.url), 'utf8');

async function call(...argv: string[]): Promise<{ code: number; out: string; err: string }> {
  let [out, err] = ['', ''];
  const io: Io = {
    out: (text) => void (out += text),
    err: (text) => void (err += text),
    env: {},
    cwd: '/nowhere',
    terminal: false,
    live: false,
    colours: false,
  };
  return { code: await cli(argv, io), out, err };
}

describe('the command line', () => {
  it('tells its version, which is the package’s', async () => {
    expect(VERSION).toBe((JSON.parse(read('package.json')) as { version: string }).version);
    expect(await call('--version')).toEqual({ code: 0, out: `${VERSION}\n`, err: '' });
  });

  it('helps, in general and about each command', async () => {
    const general = await call('--help');
    for (const [name, { usage, options }] of Object.entries(COMMANDS)) {
      expect(general.out).toContain(name);
      const { code, out } = await call(name, '--help');
      expect(code).toBe(0);
      expect(out).toContain(usage);
      for (const option of Object.keys(options)) expect(out).toContain(option);
    }
  });

  it('asks for a command', async () => {
    expect(await call()).toMatchObject({ code: 2, out: '', err: expect.stringContaining('Usage:') });
  });

  it.each([
    [['rnu'], /there is no command "rnu"\. Did you mean `run`/],
    [['help', 'me'], /there is no command "me"/],
    [['constructor'], /there is no command "constructor"/],
    [['doctor', '--claen'], /Did you mean `--clean`/],
    [['check'], /which policy\?/],
    [['verify'], /which record\?/],
    [['report'], /which record\?/],
    [['report', 'absent'], /there is no report of this record: \.: there is no such directory/],
    [['report', '--cast', 'v1', 'x'], /"v1" is not one of v2, v3/],
    [['check', 'absent.yml'], /cannot read absent\.yml: there is no such file/],
    [['run'], /what shall run in the jail\?/],
    [['run', '--steps', 's.yml', '--', 'true'], /not both/],
    [['run', '--', '-x'], /"-x" is not the name of a program/],
    [['run', '--setup', ' ', '--', 'true'], /--setup is empty/],
    [['run', '--backend', 'dokcer', '--', 'true'], /"dokcer" is not one of auto, nspawn, docker, vm, chroot\. Did you mean `docker`/],
    [['run', '--exit-code', 'mine', '--', 'true'], /the only value is `step`/],
    [['run', 'echo', 'hi'], /too many arguments: "echo"/],
  ])('exits 2 for %j and says why', async (argv, expected) => {
    const { code, out, err } = await call(...argv);
    expect(code).toBe(2);
    expect(err + out).toMatch(expected);
  });

  it('is documented: every command and option', () => {
    const page = read('docs/cli.md');
    for (const [name, { options }] of Object.entries(COMMANDS)) {
      expect(page).toContain(`agent-jail ${name}`);
      for (const option of Object.keys(options)) expect(page).toContain(option.split(' ')[0]);
    }
  });
});
