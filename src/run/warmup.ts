import type { Met } from '../backend/docker-engine.ts';
import { findNspawn } from '../backend/nspawn-program.ts';
import { copyEtc } from '../host/etc.ts';
import { Hands } from '../host/hands.ts';
import { createNetns } from '../host/netns.ts';
import { TOOLS, work } from '../host/places.ts';
import type { EngineChoice } from '../model/engine.ts';
import type { BackendName } from '../model/names.ts';
import type { Root } from '../model/policy.ts';
import { mountWork } from '../host/scratch.ts';
import { ETC_ALLOWED } from '../plan/etc.ts';
import { readProc } from '../system/proc.ts';
import type { Programs } from './context.ts';
import { dismissGateway, type WaitingGateway, waitingGateway } from './gateway.ts';
import { type Ahead, lookAhead } from './root-ahead.ts';

export const NETNS = work('netns');
/** What the jail may see of the host's /etc, copied ahead of time; moved into the setup layer where the root is the host's. */
export const ETC = work('etc');

/** Each rejects with a JailError. */
export interface Warm {
  /** Of the first run of this warden; its namespaces are older than any later one. */
  readonly first: boolean;
  /** Makes for the run what Node cannot, and holds its lock. */
  readonly hands: Hands;
  /** The private tmpfs are there, and the output FIFO. */
  readonly mounted: Promise<void>;
  /** The gateway's process, which waits for its request; its sockets are in the network namespace at NETNS. */
  gateway(): Promise<WaitingGateway>;
  /** Ends that process where it was started and nobody will use it: the file of its request is open for writing, and nothing may be that below WORK once layers are read. */
  withoutGateway(): Promise<void>;
  /** Resolves once ETC is complete. */
  etc(): Promise<void>;
  /** What can be begun with of a root; once, whoever asks first. */
  ahead(root: Root): Promise<Ahead | null>;
  /** What an engine tells of itself; the same one is asked once. */
  engine(choice: EngineChoice): Promise<Met>;
}

/**
 * What every run needs whatever its request says, made while main still prepares that: two processors are there, and Node's own start is
 * the largest cost of a short run. Nothing of it outlives the warden's namespaces. `guess`: the backend that will be asked for, as far as
 * main knows; `host`: its root will be the machine's. A wrong guess costs time and nothing else.
 */
export function warmUp(programs: Programs, guess: BackendName | 'auto', { first, host }: { first: boolean; host: boolean }): Warm {
  const hands = new Hands(programs.hands);
  const mounted = mountWork(hands);
  let copying: Promise<() => Promise<void>> | null = null;
  const beginEtc = () => (copying ??= mounted.then(async () => copyEtc(hands, ETC, ETC_ALLOWED)));
  const etc = async (): Promise<void> => (await beginEtc())();
  let waiting: Promise<WaitingGateway> | null = null;
  const gateway = () => (waiting ??= mounted.then(() => startGateway(hands, programs)));
  let looked: Promise<Ahead | null> | null = null;
  const ahead = (root: Root): Promise<Ahead | null> => {
    looked ??= lookAhead(root);
    looked.catch(() => {}); // as below
    return looked;
  };
  const engines = new Map<string, Promise<Met>>();
  const engine = (choice: EngineChoice): Promise<Met> => {
    const key = JSON.stringify(choice);
    const met = engines.get(key) ?? import('../backend/docker-engine.ts').then(async ({ meet }) => meet(choice));
    engines.set(key, met);
    met.catch(() => {}); // as below
    return met;
  };
  const backend =
    guess === 'docker' ? import('../backend/docker.ts') : guess === 'chroot' ? mounted : Promise.all([gateway(), findNspawn(TOOLS)]);
  // Whoever needs them finds out; a warden that has nothing to run ends with them.
  for (const part of [mounted, backend, ...(host ? [beginEtc()] : [])]) part.catch(() => {});
  const withoutGateway = async (): Promise<void> => {
    if (waiting !== null) await dismissGateway(await waiting);
  };
  return { first, hands, mounted, etc, gateway, withoutGateway, ahead, engine };
}

async function startGateway(hands: Hands, programs: Programs): Promise<WaitingGateway> {
  await createNetns(hands, NETNS);
  return waitingGateway(programs, { netns: NETNS, files: openFiles(), route: false, further: [] });
}

/** Two descriptors a connection, for as many as the gateway holds; no more than this process may hand on. */
export const openFiles = (): number =>
  Math.min(65_536, Number(/^Max open files\s+\d+\s+(\d+)/m.exec(readProc('self', 'limits') ?? '')?.[1] ?? 4096));
