import { closeSync, openSync, readSync } from 'node:fs';

/** The kernel's (random(4)), for where a run begins: `node:crypto` takes longer to load than most of what is done there. 0 ≤ it < 2 ** 24. */
export function random24(): number {
  const bytes = Buffer.alloc(3);
  const file = openSync('/dev/urandom', 'r');
  try {
    if (readSync(file, bytes) !== bytes.length) throw new Error('/dev/urandom gives no bytes');
  } finally {
    closeSync(file);
  }
  return bytes.readUIntBE(0, 3);
}
