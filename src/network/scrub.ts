import { Transform, type TransformCallback } from 'node:stream';
import type { Injection } from '../model/gateway.ts';
import { secretForms } from '../secrets/forms.ts';
import { Matcher } from '../secrets/matcher.ts';

const STAR = 0x2a;

/** Takes secrets out of what a server answers: one that echoes what it was sent would tell the jail. Lengths stay as they are. */
export class Scrubber {
  readonly #matcher: Matcher;
  constructor(secrets: readonly Injection[]) {
    this.#matcher = new Matcher(secrets.flatMap(({ value }) => secretForms(value)).map((bytes) => ({ bytes, owner: 0 })));
  }

  text(value: string): string {
    const bytes = Buffer.from(value, 'latin1');
    this.#stars(bytes, 0, true);
    return bytes.toString('latin1');
  }

  /** Passes on at once what cannot be the beginning of a secret. */
  stream(): Transform {
    let held = Buffer.alloc(0);
    const take = (chunk: Buffer, final: boolean): Buffer => {
      const bytes = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
      const end = this.#stars(bytes, 0, final);
      held = Buffer.from(bytes.subarray(end));
      return bytes.subarray(0, end);
    };
    return new Transform({
      transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
        const out = take(chunk, false);
        done(null, out.length === 0 ? undefined : out);
      },
      flush(done: TransformCallback): void {
        const out = take(Buffer.alloc(0), true);
        done(null, out.length === 0 ? undefined : out);
      },
    });
  }

  /** Overwrites what is found, and returns where a secret may begin that is not whole yet. */
  #stars(bytes: Buffer, from: number, final: boolean): number {
    for (let at = from; ; ) {
      const match = this.#matcher.next(bytes, at, final);
      if (match === null) return bytes.length;
      if (match.pattern === null) return match.at;
      at = match.at + match.pattern.bytes.length;
      bytes.fill(STAR, match.at, at);
    }
  }
}
