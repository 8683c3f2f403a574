import { closeSync, openSync } from 'node:fs';
import { NdjsonWriter } from '../system/ndjson.ts';
import { type Clean, cleanJson } from './clean.ts';
import type { KeyState } from './keys.ts';

/** What was asked, and how it was answered. Keys are in no field. */
export interface Logged {
  /** ms since the start. */
  readonly t: number;
  readonly wire: string;
  readonly method: string;
  readonly path: string;
  readonly model: string;
  readonly stream: boolean;
  /** Names of the tools that were offered. */
  readonly tools: readonly string[];
  /** The end of what the model was told last. */
  readonly told: string;
  readonly key: KeyState;
  readonly user_agent: string;
  /** 0: none, the client went away. */
  readonly status: number;
  readonly answer: string;
  readonly problem: string | null;
}

/** Bytes, about: what an agent can make the log grow to. */
const MOST = 64 << 20;

/** The log of the server, NDJSON of the schema `agent-jail/model-log@1`. Its last line counts what was left out. */
export class ModelLog {
  readonly #fd: number;
  readonly #lines: NdjsonWriter;
  readonly #clean: Clean;
  #size = 0;
  #more = 0;

  /** Throws what node:fs throws. */
  constructor(file: string, clean: Clean) {
    this.#fd = openSync(file, 'w', 0o600);
    this.#lines = new NdjsonWriter(this.#fd, 'model-log');
    this.#clean = clean;
  }

  line(value: Readonly<Record<string, unknown>>): void {
    const clean = cleanJson(value, this.#clean) as object;
    this.#size += JSON.stringify(clean).length;
    if (this.#size > MOST) this.#more += 1;
    else this.#lines.line(clean);
  }

  end(): void {
    this.#lines.end({ more: this.#more });
    closeSync(this.#fd);
  }
}
