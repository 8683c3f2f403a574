import { type Attributes, AttributesFile } from './attributes.ts';
import type { Base } from './base.ts';
import { join, key, parent } from './bytes.ts';
import type { Checkout, Checkouts } from './checkouts.ts';

const FILE = 1 << 20;

/** What git's own files in the base of a workspace say of its paths. What the agent wrote into such files says nothing. */
export class Repository {
  readonly #base: Base;
  readonly #checkouts: Checkouts;
  readonly #files = new Map<string, AttributesFile | null>();
  readonly #autocrlf = new Map<Checkout, string | null>();

  constructor(base: Base, checkouts: Checkouts) {
    this.#base = base;
    this.#checkouts = checkouts;
  }

  /** `core.autocrlf` where the path is; null: not set. */
  autocrlf(path: Uint8Array): string | null {
    const checkout = this.#checkouts.of(path);
    let value = this.#autocrlf.get(checkout);
    if (value === undefined) {
      const text = checkout.common === null ? null : this.#base.read(join(checkout.common, Buffer.from('config')), FILE);
      value = /^\s*autocrlf\s*=\s*"?(\w+)/im.exec(text?.toString() ?? '')?.[1]?.toLowerCase() ?? null;
      this.#autocrlf.set(checkout, value);
    }
    return value;
  }

  /** As git would find them: `info/attributes` first, then the nearest directory's, up to the top of the checkout. */
  attributes(path: Uint8Array): Attributes {
    const { root, common } = this.#checkouts.of(path);
    const known = new Map<string, string | boolean | null>();
    const whole = Buffer.from(path).toString();
    const from = (directory: Buffer): string => whole.slice(directory.length === 0 ? 0 : directory.toString().length + 1);
    if (common !== null) this.#fileOf(join(common, Buffer.from('info/attributes')))?.add(from(root), known);
    for (let directory = parent(path); ; directory = parent(directory)) {
      this.#fileOf(join(directory, Buffer.from('.gitattributes')))?.add(from(directory), known);
      if (directory.length === root.length) break;
    }
    return new Map([...known].flatMap(([name, value]) => (value === null ? [] : [[name, value] as const])));
  }

  #fileOf(path: Buffer): AttributesFile | null {
    const id = key(path);
    let file = this.#files.get(id);
    if (file === undefined) {
      const bytes = this.#base.read(path, FILE);
      file = bytes === null ? null : new AttributesFile(bytes.toString());
      this.#files.set(id, file);
    }
    return file;
  }
}
