// What every probe for Node starts with: the same as Probe.pm, which says why.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';

/** How much longer than usual an answer may take: what judges it waits for the machine that it runs on. */
export const PACE = Number(process.env.RT_PACE ?? '1');

const ROOT = join(import.meta.dirname, '../..');

export const slurp = (path) => {
  try {
    return readFileSync(path).toString('latin1');
  } catch {
    return '';
  }
};
export const config = (name) => slurp(join(ROOT, 'config', name)).trim();

/** Prints the hash of every canary in a text. */
export function saw(id, text) {
  for (const canary of new Set(text.match(/canary-[0-9a-f]{32}/g) ?? [])) {
    console.log(`SAW ${id} ${createHash('sha256').update(canary).digest('hex')}`);
  }
}
export const result = (id, ...escaped) => console.log(`RESULT ${id} ${escaped.length > 0 ? 'ESCAPED' : 'blocked'} ${escaped.join('; ')}`);

function inJail() {
  const status = slurp('/proc/self/status');
  const nonce = process.env.RT_NONCE ?? '';
  return (
    existsSync('/run/agent-jail') &&
    process.getuid() !== 0 &&
    process.geteuid() !== 0 &&
    /^CapEff:\s*0+$/m.test(status) &&
    /^NoNewPrivs:\s*1$/m.test(status) &&
    /^Seccomp:\s*2$/m.test(status) &&
    ['nonce', 'host-init', 'host-pid-namespace'].every((name) => config(name) !== '') &&
    /^[0-9a-f]{32}$/.test(nonce) &&
    nonce === config('nonce') &&
    slurp('/proc/1/comm').trim() !== config('host-init') &&
    readlinkSync('/proc/self/ns/pid') !== config('host-pid-namespace')
  );
}
function atLevel() {
  const nonce = process.env.RT_NONCE ?? '';
  const harmless = /^\/\/ harmless$/m.test(slurp(process.argv[1] ?? ''));
  return (
    harmless &&
    /^[0-9a-f]{32}$/.test(nonce) &&
    nonce === config('nonce') &&
    config('level') !== '' &&
    config('level') === process.env.RT_LEVEL
  );
}
if (!inJail() && !atLevel()) process.exit(0);
console.log(`START ${config('nonce')}`);
