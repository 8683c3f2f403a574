import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { HostPath } from '../../src/model/names.ts';
import { Gateway, waitingGateway } from '../../src/run/gateway.ts';
import { openFiles } from '../../src/run/warmup.ts';
import { exec } from '../../src/system/exec.ts';

const DIST = join(import.meta.dirname, '../../dist');
const UID = 61_002;
const LEADS_NOWHERE = { file: '', line: 0, column: 0 };

/** A gateway as a run has one, which serves a namespace, and lets through to one port of loopback. */
export async function testGateway(netns: HostPath, port: number): Promise<{ pid: number; finish(): Promise<unknown> }> {
  const programs = { node: process.execPath, sockets: join(DIST, 'sockets.pl'), gateway: join(DIST, 'gateway.cjs') };
  const further = [{ protocol: 'tcp', address: '198.18.0.1', port }] as const;
  const rules = { network: { mode: 'allow', allow: [], services: [{ name: 'bench', port, place: LEADS_NOWHERE }] }, secrets: [] } as const;
  const serving = { netns, files: openFiles(), route: false, further };
  const waiting = waitingGateway(programs as Parameters<typeof waitingGateway>[0], serving, dirname(netns) as HostPath);
  const { pid } = waiting.peer;
  const gateway = new Gateway(
    waiting,
    {
      id: 'BENCH',
      epoch: process.hrtime.bigint().toString(),
      uid: UID,
      rules: { agent: rules, setup: rules },
      certificates: {},
      authorities: null,
      limits: { upload: null, download: null, connections: null, requests: null },
      handedOut: 0,
      further,
    },
    { log: () => {}, denied: ({ host }) => console.error(`denied: ${host}`), limit: () => {} },
  );
  gateway.step(0, false);
  await gateway.ready;
  // The first packet starts it.
  await exec(['nsenter', `--net=${netns}`, '--', 'bash', '-c', 'echo >/dev/udp/127.0.0.1/53']);
  while (!readFileSync(`/proc/${pid}/cmdline`, 'utf8').startsWith(process.execPath)) await sleep(10);
  await sleep(500);
  return { pid, finish: async () => gateway.finish() };
}
