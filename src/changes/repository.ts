import { type Attributes, AttributesFile } from './attributes.ts';
import type { Base } from './base.ts';
import { join, key, parent } from './bytes.ts';
import type { Checkout, Checkouts } from './checkouts.ts';

const FILE = 1 << 20;
const [ATTRIBUTES, INFO] = [Buffer.from('.gitattributes'), Buffer.from('info/attributes')];
const NONE: Attributes = new Map();
interface InForce {
  readonly file: AttributesFile;
  /** Where in the text of a path its own directory ends. */
  readonly from: number;
  /** It is `info/attributes`, which wins over all others. */
  readonly info: boolean;
}

/** What git's own files in the base of a workspace say of its paths. What the agent wrote into such files says nothing. */
export class Repository {
  readonly #base: Base;
  readonly #checkouts: Checkouts;
  readonly #files = new Map<string, readonly InForce[]>();
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
    const files = this.#inForce(parent(path));
    if (files.length === 0) return NONE;
    const known = new Map<string, string | boolean | null>();
    const whole = Buffer.from(path).toString();
    for (const { file, from } of files) file.add(whole.slice(from), known);
    return new Map([...known].flatMap(([name, value]) => (value === null ? [] : [[name, value] as const])));
  }

  /** The files that speak of what is in a directory, the one that wins first. */
  #inForce(directory: Buffer): readonly InForce[] {
    const id = key(directory);
    let files = this.#files.get(id);
    if (files === undefined) {
      const { root, common } = this.#checkouts.of(join(directory, ATTRIBUTES));
      const own = this.#read(join(directory, ATTRIBUTES), directory);
      if (directory.length > root.length) {
        // What the checkout says of all of it stands first.
        const above = this.#inForce(parent(directory));
        const info = above.filter((one) => one.info);
        files = own === null ? above : [...info, own, ...above.filter((one) => !one.info)];
      } else {
        const info = common === null ? null : this.#read(join(common, INFO), root, true);
        files = [info, own].filter((one) => one !== null);
      }
      this.#files.set(id, files);
    }
    return files;
  }

  #read(path: Buffer, directory: Buffer, info = false): InForce | null {
    const bytes = this.#base.read(path, FILE);
    if (bytes === null) return null;
    return { file: new AttributesFile(bytes.toString()), from: directory.length === 0 ? 0 : directory.toString().length + 1, info };
  }
}
