import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { inventory } from '../support/inventory.ts';
import { temporary } from '../support/jail.ts';
import { RootGround } from '../support/root.ts';

const ground = new RootGround();
const { root, outside } = ground;
afterAll(() => ground[Symbol.dispose]());

describe('a hostile directory', () => {
  /** What is put into a copy of the root, and what the run does then. */
  const cases: [string, (at: string) => void, string, RegExp][] = [
    ['`etc` is a link out', (at) => link(at, 'etc', outside), 'cat /etc/passwd /etc/secret; ls -A /etc', /agent:x:.*cat: .*secret.*No such file/s],
    ['`tmp` is a link out', (at) => link(at, 'tmp', outside), 'echo x > /tmp/made; ls -A /tmp; stat -c %F /tmp', /made\n.*directory\n$/s],
    ['`var` is a link out', (at) => link(at, 'var', outside), 'echo x > /var/tmp/made; ls -A /var/tmp; cat /var/secret', /^made\ncat: .*No such file/],
    ['`home` is a link out', (at) => link(at, 'home', outside), 'echo x > "$HOME/made"; ls -A "$HOME"; stat -c %u "$HOME"; id -u', /^made\n(\d+)\n\1\n$/],
    ['`home/agent` is a link out', (at) => link(at, 'home/agent', outside), 'echo ran', /^jail-error: \/home\/agent cannot be a directory in the jail: agent is a link there/],
    ['`proc` and `sys` and `dev` are links out', (at) => ['proc', 'sys', 'dev'].map((name) => link(at, name, outside)), 'cat /proc/self/comm; ls /sys; echo x > /dev/null', /^cat\n/],
    ['`run` is a link out', (at) => link(at, 'run', outside), 'ls /run; cat "$AGENT_JAIL_RESULT"; echo x > "$AGENT_JAIL_RESULT"', /^agent-jail\nhost\n$/],
    ['`run/agent-jail` is a link out', (at) => link(at, 'run/agent-jail', outside), 'ls /run/agent-jail', /^apt\.conf\nerr\nout\npolicy\.json\nresult\nstep-0\.sh\n$/],
    ['`etc/passwd` and `etc/resolv.conf` are links out', (at) => [link(at, 'etc/passwd', `${outside}/passwd`), link(at, 'etc/resolv.conf', '/proc/1/environ'), link(at, 'etc/hostname', '../../outside/hostname')], 'cat /etc/passwd /etc/resolv.conf /etc/hostname', /^root:x.*nameserver 127\.0\.0\.1\n.*jail-\w+\n$/s],
    ['a link on the way to the workspace', (at) => link(at, ground.path.slice(1), outside), 'echo ran', /^jail-error: .*\/work cannot be a directory in the jail: aj-test-\w+ is a link there/],
    ['a file on the way to the workspace', (at) => writeFileSync(join(at, ground.path.slice(1)), ''), 'echo ran', /^jail-error: .*\/work cannot be a directory in the jail: aj-test-\w+ is none there/],
    ['no shell', (at) => rmSync(join(at, 'bin/sh')), 'echo ran', /^jail-error: .*\/bin\/sh/],
    ['a shell that is no program', (at) => writeFileSync(join(at, 'bin/sh'), 'no program'), 'echo ran', /^jail-error: /],
    ['a shell that is a link out', (at) => link(at, 'bin/sh', `${outside}/secret`), 'echo ran', /^jail-error: /],
    ['a shell that never opens its output', (at) => { rmSync(join(at, 'bin/sh')); writeFileSync(join(at, 'bin/sh'), '#!/bin/cat\n', { mode: 0o755 }); }, 'echo ran', /^jail-error: /],
    ['`usr` is a link out', (at) => link(at, 'usr', '/usr'), 'echo ran', /^jail-error: .*holds no root file system/],
  ]; // biome-ignore format: a table

  test.each(cases)('%s', async (_, spoil, script, expected) => {
    using copy = temporary('aj-root-');
    const at = join(copy.path, 'root');
    execFileSync('cp', ['-a', root, at]);
    spoil(at);
    const before = inventory(at);
    const ran = await ground.safely(`directory: ${at}`, script);
    const ended = ran.code === 70 ? `${ran.verdict.outcome}: ${ran.verdict.because}` : ran.transcript || `${ran.verdict.outcome}: `;
    expect(ended, ran.stderr).toMatch(expected);
    expect(inventory(at)).toEqual(before);
  });
});
function link(at: string, name: string, target: string): void {
  const path = join(at, name);
  mkdirSync(join(path, '..'), { recursive: true });
  rmSync(path, { recursive: true, force: true });
  symlinkSync(target, path);
}
