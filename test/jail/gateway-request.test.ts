import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { jailed, repository, temporary } from '../support/jail.ts';
import { SMALL } from '../support/steps.ts';
import { BACKENDS } from './conformance/bench.ts';

/** Larger than what a pipe or a socket holds for who does not read, and than the longest line of a protocol. */
const MiB = 1 << 20;

test.each(BACKENDS)('%s: what the gateway is told may be larger than a pipe, whether it is ever needed or not', async (backend) => {
  using place = temporary();
  repository(place.path);
  const pem = execFileSync(
    'openssl',
    ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', '/dev/null', '-subj', '/CN=a company', '-days', '2'],
    { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] },
  );
  const bundle = join(place.path, 'authorities.pem');
  writeFileSync(bundle, pem.repeat(Math.ceil((2 * MiB) / pem.length)));
  const env = { NODE_EXTRA_CA_CERTS: bundle };
  const quiet = await jailed(place.path, 'echo ran', { policy: SMALL, env, args: ['--backend', backend] });
  expect([quiet.code, quiet.transcript, quiet.run.counts.denied], quiet.stderr).toEqual([0, 'ran\n', 0]);
  const asking = await jailed(place.path, 'getent hosts denied.example; echo ran', { policy: SMALL, env, args: ['--backend', backend] });
  expect([asking.code, asking.transcript], asking.stderr).toEqual([0, 'ran\n']);
  expect(asking.run.counts.denied).toBeGreaterThan(0);
});
