import { StringDecoder } from 'node:string_decoder';
import type { Phase } from '../model/names.ts';
import type { WardenEvent, WardenLine } from '../model/protocol.ts';

type Body<E> = E extends unknown ? Omit<E, 'seq' | 't'> : never;
export type EventBody = Body<WardenLine>;

/** How the warden talks to main. Everything arrives but 'output', a display copy that is dropped and counted while main is slow. */
export class Channel {
  readonly clock: () => number;
  readonly phases: Partial<Record<Phase, number>> = {};
  readonly #stream: NodeJS.WriteStream;
  #seq = 0;
  #dropped = 0;

  constructor(stream: NodeJS.WriteStream, clock: () => number) {
    this.#stream = stream;
    this.clock = clock;
  }
  phase(phase: Phase): void {
    this.phases[phase] = this.clock();
    this.send({ kind: 'phase', phase });
  }
  send(body: EventBody): void {
    this.#stream.write(`${JSON.stringify({ seq: this.#seq, t: this.clock(), ...body })}\n`);
    this.#seq += 1;
  }
  output(step: number, bytes: Buffer): void {
    if (this.#stream.writableNeedDrain) {
      this.#dropped += bytes.length;
      return;
    }
    for (let at = 0; at < bytes.length; at += CHUNK) {
      this.send({ kind: 'output', step, base64: bytes.toString('base64', at, at + CHUNK), dropped: this.#dropped });
      this.#dropped = 0;
    }
  }
  /** Resolves when everything was handed to the kernel, or main is gone. */
  async flush(): Promise<void> {
    await new Promise<void>((resolve) => this.#stream.write('', () => resolve()));
  }
}
const CHUNK = 1 << 16;

/** Main's end of the channel: what was written becomes events. Characters that two chunks of output share stay whole. */
export class EventReader {
  #step = -1;
  #decoder = new StringDecoder('utf8');

  read(line: WardenLine): WardenEvent {
    if (line.kind !== 'output') return line;
    // What a decoder still holds has nothing to do with what comes after a gap.
    if (line.step !== this.#step || line.dropped > 0) this.#decoder = new StringDecoder('utf8');
    this.#step = line.step;
    const { base64, ...event } = line;
    return { ...event, text: this.#decoder.write(Buffer.from(base64, 'base64')) };
  }
}
