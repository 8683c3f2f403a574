import { mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Peer } from '../../../src/run/children.ts';
import { Gateway } from '../../../src/run/gateway.ts';

let dir: string;
beforeEach(() => void (dir = mkdtempSync(join(tmpdir(), 'gateway-end-'))));
afterEach(() => rmSync(dir, { recursive: true }));

const nothing = { network: { mode: 'allow', allow: [], services: [] }, secrets: [] } as const;
const task = {
  id: 'TEST',
  epoch: '1',
  uid: 1,
  rules: { agent: nothing, setup: nothing },
  certificates: {},
  authorities: 'x'.repeat(1 << 20),
  limits: { upload: null, download: null, connections: null, requests: null },
  handedOut: 0,
  further: [],
};
/** A gateway that does what a script does. */
function gateway(script: string): { gateway: Gateway; peer: Peer } {
  const request = openSync(join(dir, 'request'), 'w+');
  const peer = new Peer({ argv: ['sh', '-c', script], descriptors: ['pipe', request], name: 'gateway' });
  return { gateway: new Gateway({ peer, request }, task, { log: () => {}, denied: () => {}, limit: () => {} }), peer };
}

test('its whole request is in its descriptor 4 when it looks, from the beginning', async () => {
  const { gateway: one } = gateway(
    `echo '{"kind":"listening"}'; read -r end; cat <&4 >${dir}/seen; echo '{"kind":"done","denied":1,"allowed":2}'`,
  );
  await one.ready;
  expect(await one.finish()).toEqual({ denied: 1, allowed: 2, used: null });
  expect(JSON.parse(readFileSync(join(dir, 'seen'), 'utf8'))).toMatchObject({ kind: 'serve', id: 'TEST', authorities: task.authorities });
});

test('one that does not end is killed, and its log is incomplete', async () => {
  const { gateway: one, peer } = gateway(`echo '{"kind":"listening"}'; exec sleep 60`);
  await one.ready;
  await expect(one.finish(100)).rejects.toThrow('the gateway ended without its log');
  expect(await peer.ended).toBe('the gateway ended with SIGKILL');
});
