import net, { type Socket, type SocketConstructorOpts } from 'node:net';

/** Takes what comes on a connection. */
export interface Reader {
  /** Where the next bytes are to be put. */
  buffer(): Buffer;
  /** False: nothing further is read before `resume()`; until then `chunk`, which is part of `buffer`, stays as it is. */
  take(chunk: Buffer): boolean;
}

/** Until a connection has a reader, what comes is copied out of here. */
const SHARED = Buffer.allocUnsafeSlow(64 << 10);
const readers = new WeakMap<Socket, { reader: Reader | null }>();

/**
 * The same connection, of a server with `pauseOnConnect`, in a socket that `readInto` knows. Node gives `onread`, by which bytes are read into a buffer that is kept, to
 * sockets that connect, and not to those a server accepts; for these it takes a new socket around the old one's handle, which has no public
 * name. Large uploads are a third faster by it. Where there is no such handle the connection stays as it is.
 */
export function accepted(socket: Socket & { _handle?: object | null }): Socket {
  const { _handle: handle } = socket;
  if (handle === undefined || handle === null) return socket.resume();
  const held: { reader: Reader | null; socket: Socket | null } = { reader: null, socket: null };
  let buffer: Buffer = SHARED;
  const options = {
    handle: handle as never,
    allowHalfOpen: true,
    onread: {
      buffer: () => (buffer = held.reader?.buffer() ?? SHARED),
      callback: (length: number) => {
        const chunk = buffer.subarray(0, length);
        const bytes = buffer === SHARED ? Buffer.from(chunk) : chunk;
        return held.reader?.take(bytes) ?? held.socket?.push(bytes) ?? false;
      },
    },
  };
  held.socket = new net.Socket(options as SocketConstructorOpts);
  readers.set(held.socket, held);
  return held.socket;
}

/** From now on what comes goes to `reader`. Goes on with `socket.resume()`. */
export function readInto(socket: Socket, reader: Reader): void {
  const held = readers.get(socket);
  if (held !== undefined) held.reader = reader;
  // What was read before, and everything where there is no handle.
  socket.on('data', (chunk: Buffer) => {
    if (!reader.take(chunk)) socket.pause();
  });
}
