import { lstatSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { rootCertificates } from 'node:tls';
import { setupDirectory } from '../host/layers.ts';
import { work } from '../host/places.ts';
import { inside } from '../host/root-tree.ts';
import type { Identity } from '../model/jail.ts';
import type { HostPath } from '../model/names.ts';
import type { OverlayPlan } from '../plan/view.ts';
import { RUNTIME } from './step.ts';

/** Where distributions keep all public authorities in one file. */
const BUNDLES = ['/etc/ssl/certs/ca-certificates.crt', '/etc/pki/tls/certs/ca-bundle.crt', '/etc/ssl/cert.pem'];
/** Of a bundle; those of distributions have a quarter of a MiB. */
const MOST_BYTES = 8 << 20;
const [ALONE, ALL] = ['ca.pem', 'ca-bundle.pem'];

/**
 * Variables by which programs come to trust the run's authority. All but node's take the place of what a program trusts otherwise, so they
 * name the file that holds the public authorities as well.
 */
export const TRUST: Readonly<Record<string, string>> = {
  NODE_EXTRA_CA_CERTS: `${RUNTIME}/${ALONE}`,
  ...Object.fromEntries(
    ['SSL_CERT_FILE', 'REQUESTS_CA_BUNDLE', 'CURL_CA_BUNDLE', 'GIT_SSL_CAINFO', 'PIP_CERT'].map((name) => [name, `${RUNTIME}/${ALL}`]),
  ),
};

/** The files that these variables name. */
export function writeTrust(authority: string): void {
  writeFileSync(work('runtime', ALONE), authority, { mode: 0o444 });
  writeFileSync(work('runtime', ALL), `${publicAuthorities()}\n${authority}`, { mode: 0o444 });
}

/**
 * Adds the authority to the bundles of the root, for programs that read no variable (GnuTLS). A bundle that is not there stays so. The
 * setup layer is the warden's own; links in it and in the lower lead to nowhere outside.
 */
export function trustInRoot(root: OverlayPlan, identity: Identity, authority: string): void {
  const places = new Set<string>();
  const tree = root.lower ?? work('setup', root.key);
  for (const bundle of BUNDLES) {
    const found = inside(tree, bundle);
    if (found === null || places.has(found)) continue;
    const seen = lstatSync(found);
    if (!seen.isFile() || seen.size > MOST_BYTES) continue; // an image may hold anything there
    places.add(found);
    const relative = found.slice(tree.length + 1);
    const own = setupDirectory(root, dirname(relative), identity);
    writeFileSync(`${own}/${relative.slice(relative.lastIndexOf('/') + 1)}`, `${readFileSync(found, 'utf8')}\n${authority}`, {
      mode: 0o644,
    });
  }
}

function publicAuthorities(): string {
  for (const bundle of BUNDLES) {
    const found = inside('' as HostPath, bundle);
    if (found !== null) return readFileSync(found, 'utf8');
  }
  return rootCertificates.join('\n');
}
