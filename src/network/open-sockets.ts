import type { Socket } from 'node:net';

/** All connections of the jail, so that there is an end to how many there are, and one to them all. */
export class OpenSockets {
  readonly #open = new Set<Socket>();
  readonly #most: number;

  constructor(most: number) {
    this.#most = most;
  }

  /** Takes the connection in; false where there are too many. */
  admit(socket: Socket): boolean {
    if (this.#open.size >= this.#most) return false;
    this.#open.add(socket);
    socket.once('close', () => this.#open.delete(socket));
    return true;
  }

  /** Resolves when each has told that it is closed. */
  async closeAll(): Promise<void> {
    await Promise.all([...this.#open].map((socket) => new Promise((resolve) => socket.once('close', resolve).resetAndDestroy())));
  }
}
