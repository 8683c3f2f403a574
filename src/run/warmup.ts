import { findNspawn } from '../backend/nspawn-program.ts';
import { copyEtc } from '../host/etc.ts';
import { createNetns } from '../host/netns.ts';
import { TOOLS, work } from '../host/places.ts';
import { mountWork } from '../host/scratch.ts';
import { ETC_ALLOWED } from '../plan/etc.ts';
import { readProc } from '../system/proc.ts';
import { gatewayArgv, Peer } from './children.ts';
import type { Programs } from './context.ts';

export const NETNS = work('netns');
/** What the jail may see of the host's /etc, copied ahead of time; moved into the setup layer where the root is the host's. */
export const ETC = work('etc');

/** DNS, and the ports that are answered on every address; the address of the jail's resolver is its loopback. */
export const SOCKETS = [
  { protocol: 'udp', address: '127.0.0.1', port: 53 },
  { protocol: 'tcp', address: '127.0.0.1', port: 53 },
  { protocol: 'tcp', address: '0.0.0.0', port: 80 },
  { protocol: 'tcp', address: '0.0.0.0', port: 443 },
] as const;

/** Each rejects with a JailError. */
export interface Warm {
  /** The private tmpfs are there, and the output FIFO. */
  readonly mounted: Promise<void>;
  /** The gateway's process, which waits for its request; its sockets are in the network namespace. */
  readonly gateway: Promise<Peer>;
  /** ETC is complete. */
  readonly etc: Promise<void>;
}

/**
 * What every run needs whatever its request says, made while main still prepares that: two processors are there, and Node's own start is
 * the largest cost of a short run. Nothing of it outlives the warden's namespaces.
 */
export function warmUp(programs: Programs): Warm {
  const mounted = mountWork(programs.work);
  const gateway = mounted.then(() => startGateway(programs));
  const etc = mounted.then(() => copyEtc(ETC, ETC_ALLOWED));
  // Whoever needs them finds out; a warden that has nothing to run ends with them.
  for (const part of [mounted, gateway, etc, findNspawn(TOOLS)]) part.catch(() => {});
  return { mounted, gateway, etc };
}

async function startGateway({ node, sockets, gateway: entry }: Programs): Promise<Peer> {
  await createNetns(NETNS);
  const spec = SOCKETS.map((s) => `${s.protocol}:${s.address}:${s.port}`).join(',');
  return new Peer({ argv: gatewayArgv(node, { sockets, entry, netns: NETNS }, openFiles(), spec), descriptors: ['pipe'], name: 'gateway' });
}

/** Two descriptors a connection, for as many as the gateway holds; no more than this process may hand on. */
const openFiles = (): number =>
  Math.min(65_536, Number(/^Max open files\s+\d+\s+(\d+)/m.exec(readProc('self', 'limits') ?? '')?.[1] ?? 4096));
