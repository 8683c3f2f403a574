import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { REPOSITORY } from '../../support/jail.ts';
import { TOPICS } from './behaviours/all.ts';
import { checksOf, differing } from './behaviours/topic.ts';
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

test('behaviours have names of their own', () => {
  const names = TOPICS.flatMap((topic) => [
    ...checksOf(topic).map(({ name }) => `${topic.name}: ${name}`),
    ...(topic.record ?? []).map(({ name }) => `${topic.name}, record: ${name}`),
  ]);
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  expect(new Set(TOPICS.map(({ name }) => name)).size).toBe(TOPICS.length);
});

test('each difference between backends has its row in docs/backends.md, and each row its case', () => {
  const [, table = ''] = readFileSync(join(REPOSITORY, 'docs/backends.md'), 'utf8').split('| case |\n');
  const rows = [...table.matchAll(/^\|.* \| ([^|]+) \|$/gm)].map(([, last = '']) => last.trim()).filter((last) => !/^-+$/.test(last));
  const cases = TOPICS.flatMap((topic) => [
    ...checksOf(topic).flatMap((one) => (differing(one) === null ? [] : [`${topic.name}: ${one.name}`])),
    ...(topic.record ?? []).flatMap(({ name, differs }) => (differs === true ? [`${topic.name}: ${name}`] : [])),
  ]);
  expect(rows.toSorted()).toEqual(cases.toSorted());
});

/** What a suite has for each backend: a test that is skipped, or fails, fails the whole run, so what is in the tables was run. */
const COUNTS = {
  conformance: CASES.length,
  behaviours: TOPICS.reduce((sum, topic) => sum + checksOf(topic).length + (topic.record?.length ?? 0), 0),
};

test.each(Object.entries(COUNTS))('no backend has fewer cases than before: %s', (suite, count) => {
  const floors = (json('test/expected.json') as Record<string, Record<string, number>>)[suite] ?? {};
  console.log(`${suite}: ${BACKENDS.map((backend) => `${backend} ${count}`).join(' ')}`);
  expect(Object.keys(floors).sort()).toEqual([...BACKENDS].sort());
  for (const floor of Object.values(floors)) expect(count).toBeGreaterThanOrEqual(floor);
});
