import dgram from 'node:dgram';
import { once } from 'node:events';
import { closeSync, fstatSync, readSync } from 'node:fs';
import net from 'node:net';
import type { Writable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import type { GatewayEvent, GatewayRequest } from '../model/gateway.ts';
import { lines } from '../system/lines.ts';
import { accepted } from './accepted.ts';
import { Addresses, reserve } from './addresses.ts';
import { Budget } from './budget.ts';
import { Connections, resetConnection } from './connection.ts';
import { serveDatagrams, serveStream } from './dns-server.ts';
import { dropPrivileges } from './drop.ts';
import { authoritiesOf, type Gate } from './gate.ts';
import { NetworkLog } from './log.ts';
import { OpenSockets } from './open-sockets.ts';
import { readNote, readRequest } from './request.ts';
import { Tokens } from './tokens.ts';
import { RealNames } from './upstream.ts';

const LONGEST_LINE = 1 << 20;
const LARGEST_REQUEST = 64 << 20;
const MOST_CONNECTIONS = 4096;
const BACKLOG = 4096;
const DNS = 53;
/** Accept, first bytes, end: a waiting connection needs a turn for each. */
const QUIET_TURNS = 5;
/** ms; only a jail that is not dead could take so long. */
const LONGEST_DRAIN = 2000;

type Closable = { close(): unknown };

/**
 * The life of a gateway: reads the request from the descriptor `asked`, gives up its privileges, serves until `input` ends, ends the log. Rejects at the first thing
 * that is not as it should be; the process has to end then, and with it everything the jail could reach.
 */
export async function runGateway(asked: number, input: AsyncIterable<Uint8Array>, output: Writable): Promise<void> {
  const request = readRequest(textOf(asked));
  const messages = lines(input, LONGEST_LINE);
  dropPrivileges(request.uid, request.gid);

  const tell = (event: GatewayEvent): void => void output.write(`${JSON.stringify(event)}\n`);
  let setup = false;
  const gate = gateOf(request, tell, () => request.rules[setup ? 'setup' : 'agent']);
  const { log, budget, addresses, tokens } = gate;
  const take = (line: string): void => {
    const note = readNote(line);
    log.step = note.step;
    setup = note.setup;
  };
  // Nothing is served before it is known whose rules are in force.
  const note = await messages.next();
  if (note.done !== true) take(note.value);
  const open = new OpenSockets(MOST_CONNECTIONS);
  const connections = new Connections(gate);
  const servers = await Promise.all(request.sockets.map((socket) => listen(socket, gate, connections, open)));
  tell({ kind: 'ready' });

  for await (const line of messages) take(line);

  await drain(log);
  for (const server of servers) server.close();
  await open.closeAll();
  await connections.close(LONGEST_DRAIN);
  tell({ ...log.end(), used: { traffic: budget.used, handedOut: addresses.handedOut, tokens: tokens.total } });
  await new Promise<void>((resolve) => output.end(resolve));
}

/** Whoever wrote it moved the position that both share. */
function textOf(fd: number): string {
  const { size } = fstatSync(fd);
  if (size > LARGEST_REQUEST) throw new Error(`a request of ${size} bytes`);
  const bytes = Buffer.alloc(size);
  for (let at = 0; at < size; ) {
    const read = readSync(fd, bytes, at, size - at, at);
    if (read === 0) throw new Error('the request became shorter');
    at += read;
  }
  closeSync(fd);
  return bytes.toString('utf8');
}

function gateOf(request: GatewayRequest, tell: (event: GatewayEvent) => void, rules: Gate['rules']): Gate {
  const { agent, setup } = request.rules;
  return {
    log: new NetworkLog(request.log, BigInt(request.epoch), tell),
    budget: new Budget(request.limits, (limit) => tell({ kind: 'limit', limit })),
    addresses: new Addresses(reserve([agent.network, setup.network]), request.handedOut),
    names: new RealNames(),
    tokens: new Tokens(),
    certificates: request.certificates,
    rules,
    authorities: authoritiesOf(request.authorities),
  };
}

/** Serves one inherited socket. */
async function listen(
  { fd, protocol, port }: GatewayRequest['sockets'][number],
  gate: Gate,
  connections: Connections,
  open: OpenSockets,
): Promise<Closable> {
  if (protocol === 'udp') {
    const socket = dgram.createSocket('udp4');
    serveDatagrams(socket, port, gate);
    const listening = once(socket, 'listening'); // comes at once where the socket is bound already
    socket.bind({ fd });
    await listening;
    return socket;
  }
  const server = net.createServer({ noDelay: true, allowHalfOpen: true, pauseOnConnect: true }, (connection) => {
    const socket = accepted(connection);
    socket.on('error', () => {}); // a reset by the other side; 'close' follows
    if (!open.admit(socket)) resetConnection(socket, port, gate.log, `more than ${MOST_CONNECTIONS} connections are open`);
    else if (port === DNS) serveStream(socket, port, gate);
    else connections.handle(socket, port);
  });
  const listening = once(server, 'listening');
  server.listen({ fd, backlog: BACKLOG });
  await listening;
  return server;
}

/** The jail is dead by now, but what it sent last may still wait in the kernel: goes on until the log is quiet for some turns of the loop. */
async function drain(log: NetworkLog): Promise<void> {
  const until = performance.now() + LONGEST_DRAIN;
  let seen = log.seen;
  for (let quiet = 0; quiet < QUIET_TURNS && performance.now() < until; quiet += 1) {
    await setImmediate();
    if (log.seen !== seen) quiet = 0;
    seen = log.seen;
  }
}
