import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { exec } from '../../../src/system/exec.ts';
import { GATEWAY_UID, LAUNCHER, TestGateway, TestNetns } from '../../jail/gateway-process.ts';

const [FIRST, MANY, AT_ONCE] = [20_000, 100_000, 50];
/** MiB by which the memory in use may differ from one moment to another: 400 bytes a connection would be more. */
const MOOD = 32;
const PLACE = { file: '', line: 0, column: 0 };

/** Opens connections of four kinds in turn; prints how many of each ended as they should. */
const client = (count: number, port: number): string => `
  import net from 'node:net';
  const ended = { passed: 0, denied: 0, cut: 0, silent: 0 };
  const get = (host) => 'GET /x HTTP/1.1\\r\\nHost: ' + host + '\\r\\nConnection: close\\r\\n\\r\\n';
  const KINDS = [
    { name: 'passed', port: ${port}, says: get('bench'), answer: 'it works' },
    { name: 'denied', port: 80, says: get('denied.example.com'), answer: '403 ' },
    { name: 'cut', port: 443, says: Buffer.from([22, 3, 1, 2, 0, 1]), cut: true },
    { name: 'silent', port: 80, says: 'GET /', cut: true },
  ];
  const one = ({ name, port, says, answer, cut }) => new Promise((resolve, reject) => {
    let text = '';
    const socket = net.connect(port, '198.18.0.1', () => socket.write(says, () => { if (cut) socket.resetAndDestroy(); }));
    socket.on('data', (chunk) => (text += chunk.toString('latin1')));
    socket.on('error', (error) => { if (!cut) reject(error); });
    socket.on('close', () => {
      if (!cut && !text.includes(answer)) return reject(new Error(name + ': ' + text));
      ended[name] += 1;
      resolve();
    });
  });
  let next = 0;
  await Promise.all(Array.from({ length: ${AT_ONCE} }, async () => { while (next < ${count}) await one(KINDS[next++ % KINDS.length]); }));
  console.log(JSON.stringify(ended));
`;

function held(pid: number): { memory: number; files: number } {
  const memory = Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) >> 10;
  return { memory, files: readdirSync(`/proc/${pid}/fd`).length };
}

test(`${MANY} connections leave nothing in the gateway`, async () => {
  const server = createServer((_, response) => response.end('it works')).listen(0, '127.0.0.1', 1000);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const netns = await TestNetns.create();
  const enter = async (count: number): Promise<unknown> => {
    const argv = ['nsenter', `--net=${netns.file}`, '--', process.execPath, '--input-type=module', '--eval', client(count, port)] as const;
    const { code, stdout, stderr } = await exec(argv, { timeout: 15 * 60_000 });
    expect(`${code} ${stderr}`).toBe('0 ');
    return JSON.parse(stdout);
  };
  const spec = `udp:127.0.0.1:53,tcp:127.0.0.1:53,tcp:0.0.0.0:80,tcp:0.0.0.0:443,tcp:198.18.0.1:${port}`;
  const rules = { network: { mode: 'allow', allow: [], services: [{ name: 'bench', port, place: PLACE }] }, secrets: [] } as const;
  const gateway = new TestGateway(
    netns,
    'soak',
    {
      rules: { agent: rules, setup: rules },
      sockets: [
        { fd: 10, protocol: 'udp', address: '127.0.0.1', port: 53 },
        { fd: 11, protocol: 'tcp', address: '127.0.0.1', port: 53 },
        { fd: 12, protocol: 'tcp', address: '0.0.0.0', port: 80 },
        { fd: 13, protocol: 'tcp', address: '0.0.0.0', port: 443 },
        { fd: 14, protocol: 'tcp', address: '198.18.0.1', port },
      ],
    },
    ['perl', LAUNCHER, netns.file, '8320', spec, '--'],
  );
  try {
    await gateway.ready;
    const pid = gateway.child.pid as number;
    expect(readFileSync(`/proc/${pid}/status`, 'utf8')).toMatch(new RegExp(`^Uid:\\s+${GATEWAY_UID}`, 'm'));
    await enter(FIRST);
    const before = held(pid);
    const [each, more] = [MANY / 4, MANY - FIRST];
    const ended = await enter(more);
    expect(ended).toEqual(Object.fromEntries(['passed', 'denied', 'cut', 'silent'].map((kind) => [kind, more / 4])));
    const after = held(pid);
    console.log(`the gateway after ${FIRST} and after ${MANY} connections:`, before, after);
    expect(after.files).toBe(before.files);
    expect(after.memory).toBeLessThan(before.memory + MOOD);
    expect(await gateway.finish()).toBe('0');
    const last = gateway.file().at(-1);
    expect(last).toMatchObject({ end: true, allowed: each, denied: 3 * each });
  } finally {
    gateway.child.kill('SIGKILL');
    await netns.remove();
    server.close();
  }
});
