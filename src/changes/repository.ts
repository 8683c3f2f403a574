import { type Attributes, AttributesFile } from './attributes.ts';
import type { Base } from './base.ts';
import { join, key, parent } from './bytes.ts';

const FILE = 1 << 20;
const GIT = Buffer.from('.git');

/** What git's own files in the base of a workspace say of its paths. What the agent wrote into such files says nothing. */
export class Repository {
  readonly #base: Base;
  readonly #files = new Map<string, AttributesFile | null>();
  readonly #own = new Map<string, boolean>();
  readonly #isGit: boolean;
  readonly #info: AttributesFile | null;
  /** `core.autocrlf`; null: not set. */
  readonly autocrlf: string | null;

  constructor(base: Base) {
    this.#base = base;
    this.#isGit = base.find(GIT) !== null;
    this.#info = attributesOf(base.read(Buffer.from('.git/info/attributes'), FILE));
    this.autocrlf =
      /^\s*autocrlf\s*=\s*"?(\w+)/im.exec(base.read(Buffer.from('.git/config'), FILE)?.toString() ?? '')?.[1]?.toLowerCase() ?? null;
  }

  /** Does the path lie in a repository of its own below the workspace's: a submodule, another checkout? */
  isNested(path: Uint8Array): boolean {
    return this.#isGit && this.#below(parent(path));
  }

  #below(directory: Buffer): boolean {
    if (directory.length === 0) return false;
    const id = key(directory);
    const known = this.#own.get(id);
    if (known !== undefined) return known;
    const nested = this.#below(parent(directory)) || this.#base.find(join(directory, GIT)) !== null;
    this.#own.set(id, nested);
    return nested;
  }

  /** As git would find them: `.git/info/attributes` first, then the nearest directory's. */
  attributes(path: Uint8Array): Attributes {
    const known = new Map<string, string | boolean | null>();
    const whole = Buffer.from(path).toString();
    this.#info?.add(whole, known);
    for (let directory = parent(path); ; directory = parent(directory)) {
      const prefix = directory.length === 0 ? 0 : Buffer.from(directory).toString().length + 1;
      this.#fileOf(directory)?.add(whole.slice(prefix), known);
      if (directory.length === 0) break;
    }
    return new Map([...known].flatMap(([name, value]) => (value === null ? [] : [[name, value] as const])));
  }

  #fileOf(directory: Buffer): AttributesFile | null {
    const id = key(directory);
    let file = this.#files.get(id);
    if (file === undefined) {
      file = attributesOf(this.#base.read(join(directory, Buffer.from('.gitattributes')), FILE));
      this.#files.set(id, file);
    }
    return file;
  }
}

function attributesOf(bytes: Buffer | null): AttributesFile | null {
  return bytes === null ? null : new AttributesFile(bytes.toString());
}
