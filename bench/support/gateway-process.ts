import { join } from 'node:path';
import type { HostPath } from '../../src/model/names.ts';
import { Peer } from '../../src/run/children.ts';
import { Gateway, gatewayArgv } from '../../src/run/gateway.ts';
import { openFiles } from '../../src/run/warmup.ts';

const DIST = join(import.meta.dirname, '../../dist');
const UID = 61_002;
const LEADS_NOWHERE = { file: '', line: 0, column: 0 };

/** A gateway as a run has one, which serves a namespace, and lets through to one port of loopback. */
export async function testGateway(netns: HostPath, port: number): Promise<{ pid: number; finish(): Promise<unknown> }> {
  const programs = { node: process.execPath, sockets: join(DIST, 'sockets.pl'), gateway: join(DIST, 'gateway.js') };
  const further = [{ protocol: 'tcp', address: '198.18.0.1', port }] as const;
  const rules = { network: { mode: 'allow', allow: [], services: [{ name: 'bench', port, place: LEADS_NOWHERE }] }, secrets: [] } as const;
  const argv = gatewayArgv(programs as Parameters<typeof gatewayArgv>[0], { netns, files: openFiles(), route: false, further });
  const peer = new Peer({ argv: argv.filter((word) => word !== '--wait') as typeof argv, descriptors: ['pipe'], name: 'gateway' });
  const gateway = new Gateway(
    peer,
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
  return { pid: peer.pid, finish: async () => gateway.finish() };
}
