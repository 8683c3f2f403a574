import { execFileSync, spawn } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import { imported, testEngine } from '../support/engine-image.ts';
import { CLI, jailed, NODE } from '../support/jail.ts';
import { settled, snapshot } from '../support/machine.ts';
import { keptRoots, refusal, RootGround, ROOTS } from '../support/root.ts';
import { type Entry, tar } from '../support/tar.ts';

const NAME = 'agent-jail-test:hostile';
const ground = new RootGround();
const { root, outside } = ground;
afterAll(() => ground[Symbol.dispose]());
const policy = (name: string): string => `limits: { disk: 64MiB, memory: 256MiB, time: 20s }\njail: { root: { image: "${name}" } }\n`;

test('links out of the root, devices, setuid', async () => {
  const entries: Entry[] = [
    { name: 'out', type: 'link', link: outside },
    { name: 'up', type: 'link', link: `../../../../../..${outside}/secret` },
    { name: 'usr/bin/passwd', type: 'link', link: '/etc/passwd' },
    { name: 'disk', type: 'block device', device: [254, 0], mode: 0o666 },
    { name: 'memory', type: 'character device', device: [1, 1], mode: 0o666 },
    { name: 'usr/dev/kept', content: 'kept\n' },
  ];
  execFileSync('chmod', ['6755', join(root, 'bin/id')]);
  ground.pack();
  await using image = await imported(NAME, ground.extended(entries));
  void image;
  const ran = await ground.safely(
    `image: "${NAME}"`,
    `cat /out/secret || cat /up || cat /usr/bin/passwd
     cat /disk || cat /memory || echo x > /disk || stat -c "%n %F" /disk /memory
     stat -c %a /bin/id; id -u; id -ru; cat /usr/dev/kept`,
  );
  expect(ran.transcript, ran.stderr).toMatch(/No such file[^]*No such file[^]*root:x:/);
  expect(ran.transcript.match(/Permission denied/g)).toHaveLength(3);
  expect(ran.transcript).toMatch(/\n\/disk block special file\n\/memory character special file\n6755\n(\d{4,})\n\1\nkept\n$/);
});

test.each<[string, Entry[], RegExp]>([
  ['`bin/sh` leads out', [{ name: 'bin/sh', type: 'link', link: '/../../../../../../bin/sh-of-the-host' }], /there is no `\/bin\/sh` in it/],
  ['`usr` leads out', [{ name: 'bin/sh', content: 'x', mode: 0o755 }, { name: 'usr', type: 'link', link: '/usr' }], /`usr` is not a directory in it/],
  ['`bin/sh` is no program', [{ name: 'bin/sh', type: 'fifo' }], /its `\/bin\/sh` is not a program/],
])('%s', async (_, entries, message) => {
  const before = keptRoots();
  await using image = await imported(NAME, tar(entries));
  void image;
  expect(refusal(await ground.safely(`image: "${NAME}"`, 'echo ran'))).toMatch(message);
  expect(keptRoots()).toEqual(before);
}); // biome-ignore format: a table

test('an archive that unpacks to far more than it is: what does not fit is stopped', async () => {
  const bomb = join(ground.path, 'bomb.tar.gz');
  writeFileSync(join(root, 'srv/zero'), '');
  execFileSync('truncate', ['-s', '2G', join(root, 'srv/zero')]);
  execFileSync('sh', ['-c', `tar -c -C "$1" . | gzip -1 > "$2"`, 'sh', root, bomb]);
  rmSync(join(root, 'srv/zero'));
  const file = join(ground.path, 'bomb.yml');
  writeFileSync(file, `limits: { disk: 64MiB, time: 20s }\njail: { root: { archive: ${bomb} } }\n`);
  const said = execFileSync(
    'unshare',
    [
      '--mount',
      '--propagation',
      'private',
      'sh',
      '-c',
      `mkdir -p ${ROOTS}; mount -t tmpfs -o size=400m t ${ROOTS}; "$@" 2>&1; ls ${ROOTS}`,
      'sh',
      NODE,
      CLI,
      'run',
      '--policy',
      file,
      '--',
      'echo',
      'ran',
    ],
    { cwd: ground.work, encoding: 'utf8', timeout: 100_000, env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', HOME: '/root' } },
  );
  expect(said).toMatch(
    /bomb\.tar\.gz does not fit: unpacked it is larger than the \d+ bytes that kept roots may take\. Use a smaller one[^]*\nlock\n$/,
  );
  expect(said).not.toMatch(/^ran$/m);
});

test('an engine that breaks off, and one that stops answering: named, the half of it removed, a cancel ends it', async () => {
  const engine = await testEngine();
  await using image = await imported(NAME, readFileSync(ground.archive));
  void image;
  const id = 'a'.repeat(64);
  const json = (value: object): string => {
    const text = JSON.stringify(value);
    return `HTTP/1.1 200 OK\r\nContent-Length: ${text.length}\r\n\r\n${text}`;
  };
  let mute = false;
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.on('data', (chunk) => {
      const asked = chunk.toString('latin1');
      if (asked.includes('/_ping') || asked.includes('/version'))
        socket.end(json({ Version: engine.version, ApiVersion: '1.41', MinAPIVersion: '1.12' }));
      else if (asked.includes('/images/')) socket.end(json({ Id: `sha256:${id}`, Architecture: '', Os: 'linux', Config: {} }));
      else if (asked.includes('/create')) socket.end(json({ Id: id }).replace('200 OK', '201 Created'));
      else if (asked.startsWith('DELETE')) socket.end('HTTP/1.1 204 No Content\r\n\r\n');
      else if (asked.includes('/containers/json')) socket.end('HTTP/1.1 200 OK\r\n\r\n[]');
      else if (asked.includes('/export')) {
        const part = readFileSync(ground.archive).subarray(0, 100_000);
        socket.write(`HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${part.length.toString(16)}\r\n`);
        socket.write(part);
        if (!mute) setTimeout(() => socket.destroy(), 50);
      }
    });
  });
  const path = join(ground.path, 'engine.sock');
  await new Promise<void>((resolve) => server.listen(path, resolve));
  const before = keptRoots();
  try {
    const env = { DOCKER_HOST: `unix://${path}` };
    const broken = await jailed(ground.path, 'echo ran', { policy: policy(NAME), env });
    expect(refusal(broken)).toBe(`the image ${NAME} could not be unpacked: the Docker engine broke off: aborted`);
    expect(keptRoots()).toEqual(before);
    mute = true;
    const machine = snapshot();
    const file = join(ground.path, 'mute.yml');
    writeFileSync(file, policy(NAME));
    const child = spawn(NODE, [CLI, 'run', '--policy', file, '--', 'echo', 'ran'], {
      cwd: ground.work,
      env: { PATH: process.env['PATH'], HOME: '/root', ...env },
    });
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString('utf8')));
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
    for (let n = 0; n < 300 && !keptRoots().some((name) => name.endsWith('.part')); n += 1) await sleep(50);
    expect(keptRoots().some((name) => name.endsWith('.part'))).toBe(true);
    child.kill('SIGINT');
    expect(await ended, said).toBe(130);
    expect(keptRoots()).toEqual(before);
    expect(await settled(machine)).toEqual([]);
  } finally {
    server.close();
  }
});
