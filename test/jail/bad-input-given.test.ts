import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { CLI, cli, NODE, temporary } from '../support/jail.ts';
import { ground, PAYLOAD, refused } from '../support/refused.ts';
import { spoiled } from '../support/spoiled.ts';
import { SMALL } from '../support/steps.ts';

describe('a root', () => {
  test.each([
    ['that is not there', 'directory: /nonexistent', 70, /the root directory \/nonexistent is not a directory\. Give the root of/],
    ['that is a file', 'directory: /etc/passwd', 70, /the root directory \/etc\/passwd is not a directory/],
    ['that holds none', 'directory: PLACE/work', 70, /work holds no root file system: there is no `\/bin\/sh` in it/],
    ['that is the machine’s', 'directory: /', 2, /policy\.yml:2:28: jail\.root\.directory: "\/" cannot be mounted/],
    ['that is the kernel’s', 'directory: /proc', 2, /policy\.yml:2:28: jail\.root\.directory: "\/proc" is the kernel's/],
    [
      'archive that is not there',
      'archive: /nonexistent.tar',
      70,
      /the root archive \/nonexistent\.tar cannot be read: .*Give a tar archive/,
    ],
    [
      'archive that is none',
      'archive: /etc/passwd',
      70,
      /the root archive \/etc\/passwd could not be unpacked: .*does not look like a tar/,
    ],
    ['archive that is a directory', 'archive: /etc', 70, /the root archive \/etc is not a file/],
    ['archive without a system', 'archive: PLACE/a.tar', 70, /the root archive \S+a\.tar holds no root file system/],
    ['archive of another hash', `archive: PLACE/a.tar, sha256: ${'a'.repeat(64)}`, 70, /has the SHA-256 HASH, the policy says a{64}/],
  ])('%s', async (_, root, code, message) => {
    using place = ground();
    const archive = join(place.path, 'a.tar');
    execFileSync('tar', ['-cf', archive, '-C', place.work, '.']);
    const hash = createHash('sha256').update(readFileSync(archive)).digest('hex');
    writeFileSync(join(place.path, 'policy.yml'), `${SMALL}jail: { root: { ${root.replaceAll('PLACE', place.path)} } }\n`);
    expect(
      await refused(async () => cli(place.args, { cwd: place.work }), place.out, code, new RegExp(message.source.replace('HASH', hash))),
    ).toEqual([]);
  });
});

describe('a workspace', () => {
  test.each(['/', '/proc', '/sys', '/run', '/etc', '/usr', '/home', '/root', '/var/lib/agent-jail'])('%s', async (cwd) => {
    using place = temporary();
    mkdirSync('/var/lib/agent-jail', { recursive: true });
    const out = join(place.path, 'rec');
    const message = new RegExp(`^agent-jail: "${cwd}" cannot be the workspace: .*\\. Run it in the directory of a project$`);
    expect(await refused(async () => cli(['run', '--out', out, ...PAYLOAD], { cwd }), out, 2, message)).toEqual([]);
  });

  test('that is gone', async () => {
    using place = ground();
    const gone = join(place.path, 'gone');
    expect(
      await refused(
        async () => spoiled(`mkdir ${gone}; cd ${gone}; rmdir ${gone}`, [NODE, CLI, ...place.args], '/'),
        place.out,
        2,
        /^agent-jail: the current directory is not there any more\. Change to one that is\.$/,
      ),
    ).toEqual([]);
  });
});

describe('what was typed', () => {
  const POLICY = 'version: 1\nlimits: { time: 20s }\n';
  test.each([
    ['a policy that is no YAML', 'version: 1\nlimits: { time: 5m\n', '- run: "true"', /^\.\.\/policy\.yml:3:1: /],
    ['an unknown key', 'version: 1\nnetwrok: none\n', '- run: "true"', /^\.\.\/policy\.yml:2:1: .*netwrok.*network/],
    [
      'an unknown shell',
      POLICY,
      '- { run: echo, shell: tcsh }',
      /^\.\.\/steps\.yml:1:3: shell: "tcsh" is not a known shell\. Write one of bash/,
    ],
    ['a step without a command', POLICY, '- { name: nothing }', /^\.\.\/steps\.yml:1:3: .*run/],
    ['an empty command', POLICY, '- { run: "" }', /^\.\.\/steps\.yml:1:\d+: .*run/],
    ['no step at all', POLICY, '[]', /^\.\.\/steps\.yml:1:1: the list of steps is empty\. Write at least one/],
    [
      'a directory out of the workspace',
      POLICY,
      '- { run: ls, working-directory: .. }',
      /^\.\.\/steps\.yml:1:3: .*is not in the workspace/,
    ],
    ['a directory that is not there', POLICY, '- { run: ls, working-directory: x }', /^\.\.\/steps\.yml:1:3: .*is not a directory/],
  ])('%s', async (_, policy, steps, message) => {
    using place = ground(policy);
    writeFileSync(join(place.path, 'steps.yml'), `${steps}\n`);
    const args = ['run', '--policy', '../policy.yml', '--steps', '../steps.yml', '--out', place.out];
    expect(await refused(async () => cli(args, { cwd: place.work }), place.out, 2, message)).toEqual([]);
  });

  test.each([
    ['no command', [], /what shall run in the jail\?/],
    ['an option in place of a command', ['--', '--help'], /"--help" is not the name of a program/],
    ['a policy file that is not there', ['--policy', 'no.yml', ...PAYLOAD], /cannot read no\.yml: there is no such file/],
  ])('%s', async (_, args, message) => {
    using place = ground();
    expect(await refused(async () => cli(['run', '--out', place.out, ...args], { cwd: place.work }), place.out, 2, message)).toEqual([]);
  });

  test('a file of authorities that is not there', async () => {
    using place = ground();
    const message = /NODE_EXTRA_CA_CERTS cannot be read: ENOENT.*\. Give a file of certificates, or unset it/;
    const env = { NODE_EXTRA_CA_CERTS: '/nonexistent.pem' };
    expect(await refused(async () => cli(place.args, { cwd: place.work, env }), place.out, 2, message)).toEqual([]);
  });
});
