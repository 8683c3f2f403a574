/** Takes secrets out of a text. */
export type Clean = (text: string) => string;

/** A JSON value, its texts cleaned one by one: replacing in JSON could break an escape in two. */
export function cleanJson(value: unknown, clean: Clean): unknown {
  if (typeof value === 'string') return clean(value);
  if (Array.isArray(value)) return value.map((item) => cleanJson(item, clean));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [clean(key), cleanJson(item, clean)]));
}

/** Bytes that pass. What may be the beginning of a secret is held back. */
export interface Scrubber {
  push(chunk: Buffer): Buffer;
  flush(): Buffer;
}
