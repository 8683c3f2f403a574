import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CassetteWriter, readCassette } from '../../../src/scripted/cassette.ts';
import { Player, type Playing } from '../../../src/scripted/player.ts';
import { Recorder } from '../../../src/scripted/recorder.ts';
import { Redactor } from '../../../src/transcript/redact.ts';
import { type Json, Served } from './support.ts';

/** Of the real model. */
export const KEY = 'sk-live-0123456789';

/** A cassette in a directory of its own, which goes with it. */
export class Tape implements Disposable {
  readonly #directory = mkdtempSync(join(tmpdir(), 'agent-jail-cassette-'));
  readonly file = join(this.#directory, 'c.ndjson');

  lines(): Json[] {
    return readFileSync(this.file, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Json);
  }

  /** Records while `work` asks; with KEY in place of the client's where `inject`. Returns the log. */
  async record(upstream: string, work: (recorder: Served) => Promise<void>, { inject = false, mask = '' } = {}): Promise<Json[]> {
    const secrets = [...(inject ? [{ name: 'KEY', value: KEY }] : []), ...(mask === '' ? [] : [{ name: 'MASK', value: mask }])];
    const redactor = new Redactor(secrets);
    const cassette = new CassetteWriter(this.file, upstream);
    const recorder = new Recorder({
      upstream: new URL(upstream),
      cassette,
      key: inject ? KEY : null,
      clean: (text) => redactor.redactText(text),
      scrubber: () => redactor.beside(),
    });
    await using served = await Served.model(recorder);
    await work(served);
    cassette.end();
    return served.log;
  }

  async play(options: Partial<Playing> = {}): Promise<Served> {
    const { entries } = await readCassette(this.file, 'c.ndjson');
    return await Served.model(new Player(entries, { loose: false, pace: false, clean: (text) => text, ...options }));
  }

  [Symbol.dispose](): void {
    rmSync(this.#directory, { recursive: true, force: true });
  }
}
