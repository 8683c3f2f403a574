import * as v from 'valibot';

// Only what JSON Schema can say as well: `schema/record/*.schema.json` are made from these. Sizes in bytes, times in ms.

export const count = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(Number.MAX_SAFE_INTEGER));
export const amount = v.pipe(v.number(), v.minValue(0));
export const sha256 = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/));
/** A ULID. */
export const id = v.pipe(v.string(), v.regex(/^[0-7][0-9A-HJKMNP-TV-Z]{25}$/));
export const strings = v.array(v.string());
export const stringMap = v.record(v.string(), v.string());
export const place = v.strictObject({ file: v.string(), line: count, column: count });
export const base64 = v.pipe(v.string(), v.regex(/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/));

export const backendName = v.picklist(['nspawn', 'docker', 'vm', 'chroot']);
export const limitName = v.picklist([
  'memory',
  'cpus',
  'processes',
  'time',
  'idle',
  'output',
  'disk',
  'files',
  'upload',
  'download',
  'connections',
  'requests',
]);
export const guardAction = v.picklist(['fail', 'review']);
export const digest = v.strictObject({ sha256, size: count });

/** What a model type looks like without brands and `readonly`: what a schema must give, no more and no less. */
export type Plain<T> = unknown extends T
  ? T
  : T extends string
    ? keyof T extends keyof string
      ? T
      : string // a branded one has a key more
    : T extends number | boolean | null | undefined
      ? T
      : T extends readonly (infer E)[]
        ? Plain<E>[]
        : object extends T
          ? Record<string, unknown>
          : { -readonly [K in keyof T]: Plain<T[K]> };
/** Compiles only where both types take each other's values. */
export type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : never) : never;
