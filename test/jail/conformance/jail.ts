import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { release } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { type Case, shows, smallRoot } from './bench.ts';
import { imported } from '../../support/engine-image.ts';
import { jailed } from '../../support/jail.ts';

const MARK = 'cat /etc/small-root; test -d /usr/share && echo a whole system; true';

export const JAIL: readonly Case[] = [
  shows('version', async (on) => {
    expect(await on.says('version: 1', 'echo fine')).toBe('fine\n');
    await on.refuses('version: 2\n', 'version');
  }),
  shows('jail.backend=auto', async (on) => {
    const ran = await jailed(on.place, 'echo fine', { policy: 'jail: { backend: auto }\nlimits: { disk: 64MiB }\n' });
    expect(ran.run.backend).toMatchObject({ name: 'nspawn', why: expect.stringMatching(/^auto: /) });
  }),
  shows('jail.backend=nspawn', async (on) => {
    const ran = await jailed(on.place, 'echo fine', { policy: 'jail: { backend: nspawn }\nlimits: { disk: 64MiB }\n' });
    expect(ran.run.backend).toMatchObject({ name: 'nspawn', why: 'asked for' });
  }),
  shows('jail.backend=docker', async (on) => {
    const ran = await jailed(on.place, 'echo fine', { policy: 'jail: { backend: docker }\nlimits: { disk: 64MiB }\n' });
    expect(ran.run.backend).toMatchObject({ name: 'docker', why: 'asked for' });
    expect(`${ran.code} ${ran.transcript}`).toBe('0 fine\n');
  }),
  shows('jail.docker.runtime', async (on) => {
    const policy = (runtime: string): string => `jail: { backend: docker, docker: { runtime: ${runtime} } }\nlimits: { disk: 64MiB }\n`;
    const ran = await jailed(on.place, 'echo fine', { policy: policy('runc') });
    expect(`${ran.code} ${ran.transcript} ${ran.run.backend.version}`).toMatch(/^0 fine\n Docker \S+, runtime runc$/);
    const wrong = await jailed(on.place, 'echo never', { policy: policy('not-there') });
    expect(wrong).toMatchObject({ code: 70, transcript: '' });
    expect(wrong.verdict.because).toContain('has no runtime "not-there"; it has');
  }),
  shows('jail.backend=vm', async (on) => {
    const policy = 'jail: { backend: vm, vm: { emulation: allow } }\nlimits: { disk: 64MiB, memory: 256MiB }\n';
    const ran = await jailed(on.place, 'uname -r', { policy });
    expect(ran.run.backend, ran.stderr).toMatchObject({ name: 'vm', why: 'asked for' });
    expect(ran.transcript).not.toBe(`${release()}\n`);
  }),
  shows(['jail.vm.emulation=allow', 'jail.vm.emulation=refuse'], async (on) => {
    const policy = (emulation: string) =>
      `jail: { backend: vm, vm: { emulation: ${emulation} } }\nlimits: { disk: 64MiB, memory: 256MiB }\n`;
    const allowed = await jailed(on.place, 'echo fine', { policy: policy('allow') });
    expect(`${allowed.code} ${allowed.transcript}`, allowed.stderr).toBe('0 fine\n');
    const emulated = allowed.run.backend.version.includes('emulated');
    const refused = await jailed(on.place, 'echo fine', { policy: policy('refuse') });
    expect(`${refused.code} ${refused.transcript}`, refused.stderr).toBe(emulated ? '70 ' : '0 fine\n');
    expect(refused.verdict.because.includes('a virtual machine would be emulated')).toBe(emulated);
  }),
  shows('jail.root=host', async (on) => {
    const said = await on.says('jail: { root: host }', `${MARK}; git --version`);
    expect(said).toMatch(/a whole system\ngit version/);
    expect(said).not.toContain('a small root\n');
  }),
  shows('jail.root.image', async (on) => {
    const archive = execFileSync('tar', ['--create', '--directory', smallRoot(on.place), '.'], { maxBuffer: 64 << 20 });
    await using image = await imported(`agent-jail-conformance:${on.backend}`, archive);
    void image;
    expect(await on.says(`jail: { root: { image: "agent-jail-conformance:${on.backend}" } }`, MARK)).toBe('a small root\n');
  }),
  shows('jail.root.directory', async (on) => {
    expect(await on.says(`jail: { root: { directory: ${smallRoot(on.place)} } }`, MARK)).toBe('a small root\n');
  }),
  shows(['jail.root.archive', 'jail.root.sha256'], async (on) => {
    const archive = join(on.place, 'root.tar.gz');
    execFileSync('tar', ['--create', '--gzip', '--file', archive, '--directory', smallRoot(on.place), '.']);
    const [sum = ''] = execFileSync('sha256sum', [archive], { encoding: 'utf8' }).split(' ');
    expect(await on.says(`jail: { root: { archive: ${archive} } }`, MARK)).toBe('a small root\n');
    expect(await on.says(`jail: { root: { archive: ${archive}, sha256: ${sum} } }`, MARK)).toBe('a small root\n');
    const wrong = await on.run(`jail: { root: { archive: ${archive}, sha256: ${'f'.repeat(64)} } }`, 'echo never');
    expect(wrong).toMatchObject({ code: 70, transcript: '' });
    expect(wrong.verdict.because).toContain(`has the SHA-256 ${sum}`);
  }),
  shows(['jail.toolchain=auto', 'jail.toolchain=none'], async (on) => {
    const bin = join(on.place, 'tool/bin');
    mkdirSync(bin, { recursive: true });
    writeFileSync(join(bin, 'my-tool'), '#!/bin/sh\necho the tool\n', { mode: 0o755 });
    const env = { PATH: `${bin}:/usr/bin:/bin`, JAVA_HOME_17_X64: join(on.place, 'tool') };
    const script = 'my-tool || echo no tool; echo "java: $JAVA_HOME_17_X64"';
    expect(await on.says('jail: { toolchain: auto }', script, { env })).toBe(`the tool\njava: ${on.place}/tool\n`);
    const none = await on.says('jail: { toolchain: none }', script, { env });
    expect(none).toMatch(/not found\nno tool\njava: \n$/);
  }),
];
