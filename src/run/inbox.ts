import type { WardenRequest } from '../model/protocol.ts';

type Asked = Exclude<WardenRequest, { readonly kind: 'cancel' }>;

/** What main says: requests are taken one after the other, a cancel reaches the run that was asked for before it. */
export class Inbox {
  readonly #asked: (Asked | null)[] = [];
  #taker: ((asked: Asked | null) => void) | null = null;
  #cancelled: string | null = null;
  #cancel: ((by: string) => void) | null = null;

  constructor(lines: AsyncIterable<string>) {
    void this.#read(lines);
  }
  /** null: main wants nothing any more, or is gone. */
  async next(): Promise<Asked | null> {
    const asked = this.#asked.shift();
    if (asked !== undefined) return asked;
    return new Promise((resolve) => {
      this.#taker = resolve;
    });
  }
  /** Calls once the run that was asked for last is to end. */
  onCancel(cancel: (by: string) => void): void {
    this.#cancel = cancel;
    if (this.#cancelled !== null) cancel(this.#cancelled);
  }

  async #read(lines: AsyncIterable<string>): Promise<void> {
    try {
      for await (const line of lines) {
        const message = JSON.parse(line) as WardenRequest;
        if (message.kind === 'cancel') this.#stop(message.by);
        else this.#put(message);
      }
      this.#stop('the end of main');
    } catch {
      this.#stop('a broken pipe from main');
    }
    this.#put(null);
  }
  #stop(by: string): void {
    this.#cancelled ??= by;
    this.#cancel?.(by);
  }
  #put(asked: Asked | null): void {
    if (asked?.kind === 'run') {
      this.#cancelled = null;
      this.#cancel = null;
    }
    const taker = this.#taker;
    this.#taker = null;
    if (taker === null) this.#asked.push(asked);
    else taker(asked);
  }
}
