import { createServer, type Server, type Socket } from 'node:net';
import type { Service } from './hosts.ts';

type Kind = Service extends infer S ? (S extends `tcp:${infer K}` ? K : never) : never;

const KINDS: Readonly<Record<Kind, (socket: Socket) => void>> = {
  echo: (socket) => void socket.pipe(socket),
  /** Neither TLS nor HTTP, to whoever connects. */
  nonsense: (socket) => void socket.end(Buffer.from('\x00\xff nonsense \r\n\r\n', 'latin1')),
  reset: (socket) => void socket.once('data', () => socket.resetAndDestroy()),
  silent: (socket) => void socket.resume(),
};

/** A server that speaks no protocol. */
export const tcpServer = (kind: string): Server =>
  createServer({ allowHalfOpen: true }, (socket) => {
    socket.on('error', () => socket.destroy());
    KINDS[kind as Kind](socket);
  });
