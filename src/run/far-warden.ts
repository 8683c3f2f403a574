import { createHash } from 'node:crypto';
import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { HostPath } from '../model/names.ts';
import type { WardenRequest } from '../model/protocol.ts';
import { RECORD } from '../model/record.ts';
import { frame, framesOf, readFrames } from '../remote/frames.ts';
import type { Helper } from '../remote/helper.ts';
import { push } from '../remote/trees.ts';
import { lines } from '../system/lines.ts';
import { explain, type Warden } from './start-warden.ts';

/** As of a warden here (`client.ts`). */
const LONGEST_LINE = 1 << 20;

/** A warden in a helper container of an engine elsewhere; to who runs it, one like any other. Its record comes when it has ended. */
export class FarWarden implements Warden {
  readonly ended: Promise<string>;
  readonly #helper: Helper;
  readonly #record: HostPath;
  readonly #output: Readable;
  #wanted: (() => void) | null = null;
  #abandoned = false;
  #sending: Promise<unknown>;
  #whole = false;

  /** `sending`: what goes before all else. */
  constructor(helper: Helper, record: HostPath, sending: Promise<unknown> = Promise.resolve()) {
    this.#helper = helper;
    this.#record = record;
    this.#sending = sending;
    this.#output = new Readable({ read: () => this.#wanted?.() });
    this.ended = this.#receive();
  }

  send(request: WardenRequest): void {
    this.#later(() => [...framesOf('input', Buffer.from(`${JSON.stringify(request)}\n`))]);
  }
  close(): void {
    this.#later(() => [frame('inputEnd')]);
  }
  /** The last one, that the run has ended, only where its record has come whole: throws where it has not. */
  async *messages(): AsyncGenerator<unknown> {
    let last: { readonly manifest: unknown } | null = null;
    try {
      for await (const line of lines(this.#output, LONGEST_LINE)) {
        const message = JSON.parse(line) as { readonly kind: unknown; readonly manifest: unknown };
        if (message.kind === 'ended') last = message;
        else yield message;
      }
    } finally {
      this.#abandoned = true;
      this.#wanted?.();
    }
    if (last === null) return;
    if (!this.#whole) throw new Error('the record did not come whole from the engine');
    if (last.manifest !== null && last.manifest !== digestOf(join(this.#record, 'manifest.json')))
      throw new Error('the record that came is not the one that was sealed at the engine');
    yield last;
  }
  /** Removes the container. Never rejects. */
  async giveUp(): Promise<void> {
    this.#helper.stdin.destroy();
    await this.#helper.remove();
  }

  /** In order; one that is gone is told of by its end. */
  #later(frames: () => Buffer[]): void {
    this.#sending = this.#sending
      .then(async () => {
        for (const one of frames()) await push(this.#helper.stdin, one);
      })
      .catch(() => {});
  }

  /** Never rejects: what to say of the warden's end, where it said nothing itself. */
  async #receive(): Promise<string> {
    let how = 'the helper container ended, and nothing came of its warden';
    let file: number | null = null;
    const closeFile = (): void => {
      if (file !== null) closeSync(file);
      file = null;
    };
    try {
      for await (const { kind, payload } of readFrames(this.#helper.stdout)) {
        const document = (): Record<string, unknown> => JSON.parse(payload.toString('utf8')) as Record<string, unknown>;
        if (kind === 'output') await this.#show(Buffer.from(payload));
        else if (kind === 'bytes' && file !== null) for (let at = 0; at < payload.length; ) at += writeSync(file, payload, at);
        else if (kind === 'file') {
          closeFile();
          file = createRecordFile(this.#record, String(document()['name']));
        } else if (kind === 'ended') {
          const { end, errors } = document();
          how = explain(String(errors), String(end));
        } else if (kind === 'failed') {
          how = String(document()['message']);
          break;
        } else if (kind === 'recordEnd') {
          this.#whole = true;
          break;
        }
      }
    } catch (error) {
      how = `the helper container is gone: ${(error as Error).message}`;
    } finally {
      closeFile();
    }
    const errors = this.#helper.errors();
    await this.giveUp();
    // Only now: who reads the last message finds the record.
    this.#output.push(null);
    return this.#whole || errors === '' ? how : `${how}: ${errors.slice(0, 500)}`;
  }
  /** Waits where nobody reads yet: the warden drops what it shows of a step's output, and this must not keep it. */
  async #show(bytes: Buffer): Promise<void> {
    if (this.#abandoned || this.#output.push(bytes)) return;
    await new Promise<void>((resolve) => (this.#wanted = resolve));
    this.#wanted = null;
  }
}

/** Files of a record and no others, new ones, in the record's own directory. */
function createRecordFile(record: HostPath, name: string): number {
  if (!Object.hasOwn(RECORD, name)) throw new Error(`${JSON.stringify(name)} is no file of a record`);
  return openSync(join(record, name), 'wx', 0o600);
}

function digestOf(file: string): string | null {
  try {
    return createHash('sha256').update(readFileSync(file)).digest('hex');
  } catch {
    return null;
  }
}
