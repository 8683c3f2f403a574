import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { REPOSITORY } from '../../support/jail.ts';
import { BACKENDS } from './bench.ts';
import { FLAGS } from './flags.ts';
import { GUARDS } from './guards.ts';
import { JAIL } from './jail.ts';
import { leaves } from './leaves.ts';
import { LIMITS } from './limits.ts';
import { NETWORK } from './network.ts';
import { SETUP } from './setup.ts';
import { VIEW } from './view.ts';

const CASES = [JAIL, VIEW, NETWORK, LIMITS, SETUP, GUARDS, FLAGS].flat();
const json = (file: string): unknown => JSON.parse(readFileSync(join(REPOSITORY, file), 'utf8'));

test('every setting of the policy has one case, and every case is of a setting: none is inert', () => {
  const wanted = leaves(json('schema/policy.schema.json') as Parameters<typeof leaves>[0]);
  expect(wanted.length).toBeGreaterThan(100);
  expect(CASES.flatMap(({ ids }) => ids).sort()).toEqual(wanted.sort());
});

test('the walk sees a setting that is new', () => {
  const schema = { properties: { a: { anyOf: [{ enum: ['x', 'y'] }, { items: { properties: { b: { type: 'string' } } } }] } } };
  expect(leaves(schema)).toEqual(['a=x', 'a=y', 'a[].b']);
  expect(leaves({ additionalProperties: { type: 'integer' } }, 'services')).toEqual(['services.NAME']);
});

test('no backend has fewer cases than before', () => {
  const { conformance } = json('test/expected.json') as { conformance: Record<string, number> };
  // A test that is skipped, or fails, fails the whole run: what is in the tables was run.
  const counts = Object.fromEntries(BACKENDS.map((backend) => [backend, CASES.length]));
  console.log(
    Object.entries(counts)
      .map(([backend, count]) => `${backend} ${count}`)
      .join(' '),
  );
  expect(Object.keys(counts).sort()).toEqual(Object.keys(conformance).sort());
  for (const [backend, floor] of Object.entries(conformance)) expect(counts[backend]).toBeGreaterThanOrEqual(floor);
});
