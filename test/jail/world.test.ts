import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { exec } from '../../src/system/exec.ts';
import { temporary } from '../support/jail.ts';
import { World } from '../support/world/world.ts';

const both = { 80: 'http:web', 443: 'https:web' } as const;
const HOSTS = {
  'web.example.com': { at: ['5.5.5.80', '2606:4700::80'], ports: both },
  'private.example.com': { at: ['10.9.8.7'], ports: both },
  'raw.example.com': { ports: { 7000: 'tcp:echo', 7001: 'tcp:nonsense', 7002: 'tcp:reset' } },
  'registry.npmjs.org': { ports: { 443: 'https:npm' } },
  'pypi.org': { ports: { 443: 'https:pypi' } },
  'git.example.com': { ports: { 443: 'https:git' } },
  'api.openai.com': { ports: { 80: 'http:model', 443: 'https:model' } },
} as const;

let world: World;
beforeAll(async () => {
  world = await World.create({ hosts: HOSTS, script: { answers: [{ say: 'from the script' }] } });
});
beforeEach(() => world.forget());
afterAll(async () => {
  const namespace = (await world.run(['readlink', '/proc/self/ns/net'])).stdout;
  const used = async () => (await exec(['sh', '-c', 'readlink /proc/[0-9]*/ns/net | grep -cFx "$0"', namespace])).stdout;
  expect(await used()).toBe('1');
  await world[Symbol.asyncDispose]();
  expect(await used()).toBe('0');
  expect(existsSync(world.directory)).toBe(false);
});

const curl = (...args: string[]) => world.run(['curl', '-sS', '--max-time', '10', ...args]);
/** Runs JavaScript in the world; what it puts into `result`. */
async function node(source: string): Promise<unknown> {
  const whole = `let result; ${source}; console.log(JSON.stringify(result)); process.exit(0)`;
  const { stdout, stderr } = await world.run([process.execPath, '--input-type=module', '--eval', whole]);
  return JSON.parse(stdout === '' ? JSON.stringify(stderr) : stdout);
}

describe('names', () => {
  it('are answered by UDP and TCP, counted, and not there when nobody gave them', async () => {
    const found = await node(`
      import dns from 'node:dns/promises';
      const ask = (name, type) => dns.resolve(name, type).catch((e) => e.code);
      result = [await ask('web.example.com', 'A'), await ask('WEB.example.com', 'AAAA'), await ask('none.example.com', 'A'), await ask('pypi.org', 'AAAA')]`);
    expect(found).toEqual([['5.5.5.80'], ['2606:4700::80'], 'ENOTFOUND', 'ENODATA']);
    expect((await world.seen()).questions).toEqual(['A web.example.com', 'AAAA web.example.com', 'A none.example.com', 'AAAA pypi.org']);
    await world.forget();
    const byTcp = `options use-vc\nnameserver ${/^nameserver (\S+)/m.exec(readFileSync('/etc/resolv.conf', 'utf8'))?.[1]}\n`;
    using place = temporary();
    const script = 'printf %s "$1" > "$0" && mount --bind "$0" /etc/resolv.conf && exec getent ahostsv4 web.example.com';
    const tcp = await world.run(['unshare', '--mount', '--', 'sh', '-c', script, join(place.path, 'resolv.conf'), byTcp]);
    expect(tcp.stdout).toMatch(/^5\.5\.5\.80 /);
    expect((await world.seen()).questions).toContain('A web.example.com');
  });
  it('may lead elsewhere later', async () => {
    await world.name('turning.example.com', { A: [['5.5.5.80'], ['10.9.8.7']] });
    const ask = `(await dns.resolve4('turning.example.com'))[0]`;
    const found = await node(`import dns from 'node:dns/promises'; result = [${ask}, ${ask}, ${ask}]`);
    expect(found).toEqual(['5.5.5.80', '10.9.8.7', '10.9.8.7']);
  });
});

describe('servers', () => {
  it('echo, by HTTP and TLS, also at private and IPv6 addresses', async () => {
    const sent = ['-d', 'body', '-H', 'x-one: 1'];
    for (const base of ['http://web.example.com', 'https://web.example.com', 'http://private.example.com'])
      expect(JSON.parse((await curl('-4', ...sent, `${base}/echo?a=b`)).stdout)).toMatchObject({
        method: 'POST',
        url: '/echo?a=b',
        headers: { host: new URL(base).host, 'x-one': '1' },
        body: 'body',
      });
    expect((await curl('-6', 'https://web.example.com/echo')).code).toBe(0);
    const { connections, requests } = await world.seen();
    expect(connections).toEqual(['5.5.5.80:80', '5.5.5.80:443', '10.9.8.7:80', '2606:4700::80:443']);
    expect(requests.map(({ host, method, url }) => `${method} ${host}${url}`).slice(0, 2)).toEqual(
      Array<string>(2).fill('POST web.example.com/echo?a=b'),
    );
  });
  it('have certificates for their own name, from an authority that nobody else trusts', async () => {
    expect((await curl('--cacert', '/etc/ssl/certs/ca-certificates.crt', 'https://web.example.com/echo')).code).toBe(60);
    expect((await curl('--resolve', 'other.example.com:443:5.5.5.80', 'https://other.example.com/echo')).code).toBe(60);
  });
  it('redirect, stream, send, take, wait, hang up and speak nonsense', async () => {
    const base = 'https://web.example.com';
    expect((await curl('-L', `${base}/redirect?to=/echo`)).stdout).toContain('"url":"/echo"');
    expect((await curl('-N', `${base}/events?n=2&ms=1`)).stdout).toBe('data: 0\n\ndata: 1\n');
    expect((await curl('-o', '/dev/null', '-w', '%{size_download}', `${base}/download?bytes=3000000`)).stdout).toBe('3000000');
    expect((await curl('--data-binary', `@${process.execPath}`, `${base}/upload`)).stdout).toMatch(/^{"bytes":\d{8,}}$/);
    expect((await curl('-w', '%{time_total}', `${base}/slow?ms=300`)).stdout).toMatch(/^slow\n(0\.[3-9]|[1-9])/);
    expect((await curl(`${base}/reset`)).code).toBe(52);
    expect((await curl('http://web.example.com/nonsense')).code).toBe(1);
  });
  it('echo websockets', async () => {
    const found = await node(`
      const socket = new WebSocket('wss://web.example.com/any');
      socket.onopen = () => socket.send('hello');
      result = await new Promise((resolve) => (socket.onmessage = ({ data }) => resolve(data)))`);
    expect(found).toBe('hello');
  });
  it('speak no protocol on other ports', async () => {
    const perl = (port: number) =>
      world.run([
        'perl',
        '-MIO::Socket::INET',
        '-e',
        `my $s = IO::Socket::INET->new("raw.example.com:${port}") or die $@; print $s "hello\\n"; print scalar <$s> // "nothing: $!"`,
      ]);
    expect((await perl(7000)).stdout).toBe('hello');
    expect((await perl(7001)).stdout).toContain('nonsense');
    expect((await perl(7002)).stdout).toBe('nothing: Connection reset by peer');
  });
  it('stand in for npm, pip and git', async () => {
    using place = temporary();
    const cwd = place.path;
    // What this machine has configured is not meant.
    const env = { HOME: cwd, npm_config_globalconfig: '/dev/null', PIP_CONFIG_FILE: '/dev/null' };
    const npm = await world.run(['npm', 'install', 'tiny-from-the-world'], { cwd, env });
    expect(npm.stdout + npm.stderr).toContain('added 1 package');
    const used = await exec(['node', '-p', "require('tiny-from-the-world')"], { cwd });
    expect(used.stdout).toBe('npm works');
    const pip = await world.run(['/usr/bin/python3', '-m', 'pip', 'install', '--target', cwd, 'tiny-from-the-world'], { cwd, env });
    expect(pip.stdout).toContain('Successfully installed tiny-from-the-world-1.0.0');
    expect((await exec(['/usr/bin/python3', '-c', 'import tiny_from_the_world as t; print(t.says)'], { cwd })).stdout).toBe('pip works');
    const git = await world.run(['git', 'clone', '--quiet', 'https://git.example.com/tiny.git'], { cwd, env });
    expect(git.stderr).toBe('');
    expect(readFileSync(join(cwd, 'tiny/file'), 'utf8')).toBe('git works\n');
  });
  it('follow a script as a model', async () => {
    const body = JSON.stringify({
      model: 'any',
      messages: [{ role: 'user', content: 'Say something.' }],
      tools: [{ type: 'function', function: { name: 'bash' } }],
    });
    const said = await curl('-d', body, '-A', 'an-agent/1', 'https://api.openai.com/v1/chat/completions');
    expect(said.stdout).toContain('from the script');
    expect((await world.seen()).requests.map(({ headers }) => headers['user-agent'])).toEqual(['an-agent/1']);
  });
});

describe('a world', () => {
  it('leads nowhere else', async () => {
    expect((await world.run(['ip', '-brief', 'link'])).stdout).toMatch(/^lo\s[^\n]*$/);
    expect((await curl('http://93.184.215.14/')).code).toBe(7);
    expect((await curl('https://registry.npmjs.com/')).code).toBe(6);
  });
  it('says why it could not come to be', async () => {
    const taken = {
      'one.example.com': { at: ['5.5.5.1'], ports: { 80: 'http:web' } },
      'two.example.com': { at: ['5.5.5.1'], ports: { 80: 'http:web' } },
    } as const;
    await expect(World.create({ hosts: taken })).rejects.toThrow(/the process of the world has ended: [^]*EADDRINUSE/);
  });
});
