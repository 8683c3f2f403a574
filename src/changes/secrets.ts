/** The forms in which a secret may stand in bytes. */
export interface SecretForms {
  readonly name: string;
  readonly bytes: readonly Buffer[];
}

/** Shorter forms would match by chance. */
const SHORTEST = 4;
const MASK = Buffer.from('***');

/** Plain, hex, base64 and base64url at each of the three alignments. A caller with better forms passes its own. */
export function simpleForms(secrets: readonly { readonly name: string; readonly value: string }[]): SecretForms[] {
  return secrets.map(({ name, value }) => {
    const plain = Buffer.from(value);
    const hex = plain.toString('hex');
    const texts = [hex, hex.toUpperCase(), ...[0, 1, 2].flatMap((shift) => aligned(plain, shift))];
    const forms = [plain, ...texts.map((text) => Buffer.from(text))].filter((form) => form.length >= SHORTEST);
    return { name, bytes: [...new Map(forms.map((form) => [form.toString('latin1'), form])).values()] };
  });
}

/** base64 of `plain` with `shift` unknown bytes before it and unknown bytes behind: only the characters that it alone decides. */
function aligned(plain: Buffer, shift: number): string[] {
  const from = Math.ceil((shift * 8) / 6);
  const to = Math.floor(((shift + plain.length) * 8) / 6);
  const padded = Buffer.concat([Buffer.alloc(shift), plain]);
  return [padded.toString('base64').slice(from, to), padded.toString('base64url').slice(from, to)];
}

/** Finds the forms in bytes at rest. */
export class SecretSearch {
  readonly #forms: readonly SecretForms[];
  /** Bytes of the longest form. */
  readonly longest: number;

  constructor(forms: readonly SecretForms[]) {
    this.#forms = forms.map(({ name, bytes }) => ({ name, bytes: bytes.filter((form) => form.length > 0) }));
    this.longest = Math.max(0, ...this.#forms.flatMap(({ bytes }) => bytes.map((form) => form.length)));
  }

  get idle(): boolean {
    return this.longest === 0;
  }

  /** The name of a secret that stands in `bytes`. */
  find(bytes: Buffer): string | null {
    for (const { name, bytes: forms } of this.#forms) if (forms.some((form) => bytes.includes(form))) return name;
    return null;
  }

  /** A search over pieces of one stream; a form may be cut by their borders. */
  stream(): (piece: Buffer) => string | null {
    let tail = Buffer.alloc(0);
    return (piece) => {
      if (this.idle) return null;
      const found = this.find(tail.length === 0 ? piece : Buffer.concat([tail, piece]));
      const all = piece.length >= this.longest ? piece : Buffer.concat([tail, piece]);
      tail = Buffer.from(all.subarray(Math.max(0, all.length - this.longest + 1)));
      return found;
    };
  }

  /** The first `limit` bytes with every form replaced; one that crosses the limit is replaced as well. */
  mask(bytes: Buffer, limit = bytes.length): Buffer {
    const hits = this.#hits(bytes);
    const parts: Buffer[] = [];
    let done = 0;
    for (const [from, to] of hits) {
      if (from >= limit) break;
      if (from >= done) parts.push(bytes.subarray(done, from), MASK);
      done = Math.max(done, to);
    }
    if (done < limit) parts.push(bytes.subarray(done, limit));
    return Buffer.concat(parts);
  }

  #hits(bytes: Buffer): [number, number][] {
    const hits: [number, number][] = [];
    for (const { bytes: forms } of this.#forms) {
      for (const form of forms) {
        for (let at = bytes.indexOf(form); at !== -1; at = bytes.indexOf(form, at + 1)) hits.push([at, at + form.length]);
      }
    }
    return hits.sort((a, b) => a[0] - b[0] || b[1] - a[1]);
  }
}
