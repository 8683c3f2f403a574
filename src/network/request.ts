import type { GatewayNote, GatewayRequest } from '../model/gateway.ts';

/** The warden's first line. Throws where anything is missing or out of range: a gateway that guesses is worse than none. */
export function readRequest(line: string): GatewayRequest {
  const value = object(line);
  const { kind, id, epoch, sockets, log, uid, gid } = value;
  if (kind !== 'serve' || typeof id !== 'string') throw new Error('the first line is not a request to serve');
  if (typeof epoch !== 'string' || !/^[0-9]{1,20}$/.test(epoch)) throw new Error('`epoch` is not a number of nanoseconds');
  if (!whole(log, 3)) throw new Error('`log` is not an inherited descriptor');
  if (!whole(uid, 1) || !whole(gid, 1)) throw new Error('`uid` and `gid` have to be above 0');
  if (!Array.isArray(sockets) || sockets.length === 0) throw new Error('`sockets` is empty');
  return { kind, id, epoch, log, uid, gid, sockets: sockets.map(socket) };
}

/** A further line of the warden. */
export function readNote(line: string): GatewayNote {
  const { kind, step } = object(line);
  if (kind !== 'step' || !whole(step, 0)) throw new Error('an unknown note of the warden');
  return { kind, step };
}

function socket(value: unknown): GatewayRequest['sockets'][number] {
  const { fd, protocol, port } = (value ?? {}) as Record<string, unknown>;
  if (!whole(fd, 3) || (protocol !== 'tcp' && protocol !== 'udp') || !whole(port, 1) || port > 65_535)
    throw new Error('an entry of `sockets` is wrong');
  return { fd, protocol, port };
}

function object(line: string): Readonly<Record<string, unknown>> {
  const value: unknown = JSON.parse(line);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Error('a line that is not an object');
  return value as Record<string, unknown>;
}

const whole = (value: unknown, least: number): value is number => Number.isSafeInteger(value) && (value as number) >= least;
