import type { GatewayNote, GatewayRequest, GatewayRules } from '../model/gateway.ts';

/** The warden's request. Throws where anything is missing or out of range: a gateway that guesses is worse than none. */
export function readRequest(text: string): GatewayRequest {
  const value = object(text);
  const { kind, id, epoch, sockets, log, uid, gid, handedOut, authorities } = value;
  if (kind !== 'serve' || typeof id !== 'string') throw new Error('not a request to serve');
  if (typeof epoch !== 'string' || !/^[0-9]{1,20}$/.test(epoch)) throw new Error('`epoch` is not a number of nanoseconds');
  if (!whole(log, 3)) throw new Error('`log` is not an inherited descriptor');
  if (!whole(uid, 1) || !whole(gid, 1)) throw new Error('`uid` and `gid` have to be above 0');
  if (!Array.isArray(sockets) || sockets.length === 0) throw new Error('`sockets` is empty');
  if (!whole(handedOut, 0)) throw new Error('`handedOut` is not a number of addresses');
  if (authorities !== null && typeof authorities !== 'string') throw new Error('`authorities` is not PEM');
  const sent = value as unknown as Pick<GatewayRequest, 'rules' | 'certificates' | 'limits'>;
  const rules = { agent: inForce(sent.rules?.agent), setup: inForce(sent.rules?.setup) };
  const limits = Object.fromEntries(TRAFFIC.map((name) => [name, limit(sent.limits?.[name])])) as GatewayRequest['limits'];
  if (typeof sent.certificates !== 'object' || sent.certificates === null) throw new Error('`certificates` is missing');
  const { certificates } = sent;
  return { kind, id, epoch, log, uid, gid, handedOut, authorities, rules, limits, certificates, sockets: sockets.map(socket) };
}

/** A line of the warden. */
export function readNote(line: string): GatewayNote {
  const { kind, step, setup } = object(line);
  if (kind !== 'step' || !whole(step, 0) || typeof setup !== 'boolean') throw new Error('an unknown note of the warden');
  return { kind, step, setup };
}

const TRAFFIC = ['upload', 'download', 'connections', 'requests'] as const;

/** A limit that is not there would be none. */
function limit(value: unknown): number | null {
  if (value !== null && !whole(value, 0)) throw new Error('an entry of `limits` is neither a number nor null');
  return value;
}

/** Rules that are not there would allow nothing, which is safe; half of them could hide a secret's scope. */
function inForce(value: GatewayRules | undefined): GatewayRules {
  const { network, secrets } = (value ?? {}) as Partial<GatewayRules>;
  if (network === undefined || !Array.isArray(network.allow) || !Array.isArray(network.services) || !Array.isArray(secrets))
    throw new Error('an entry of `rules` is wrong');
  return { network, secrets };
}

function socket(value: unknown): GatewayRequest['sockets'][number] {
  const { fd, protocol, address, port } = (value ?? {}) as Record<string, unknown>;
  if (!whole(fd, 3) || (protocol !== 'tcp' && protocol !== 'udp') || typeof address !== 'string' || !whole(port, 1) || port > 65_535)
    throw new Error('an entry of `sockets` is wrong');
  return { fd, protocol, address, port };
}

function object(line: string): Readonly<Record<string, unknown>> {
  const value: unknown = JSON.parse(line);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Error('a line that is not an object');
  return value as Record<string, unknown>;
}

const whole = (value: unknown, least: number): value is number => Number.isSafeInteger(value) && (value as number) >= least;
