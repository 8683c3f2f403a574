import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Validator } from '@cfworker/json-schema';
import type { Schema } from '@cfworker/json-schema';
import { describe, expect, test } from 'vitest';
import { DIRECTORY, recordSchemas } from '../../../scripts/record-schema.ts';
import { RECORD } from '../../../src/model/record.ts';
import { makeVerdict } from '../../../src/run/verdict.ts';
import { added, deleted, deriveAll, denial, ID, makeRecord, modified, program, renamed } from './fixture.ts';

test('the committed schemas are those of the code (npx node scripts/record-schema.ts makes them)', () => {
  const schemas = recordSchemas();
  expect(readdirSync(DIRECTORY).sort()).toEqual([...schemas.keys()].sort());
  for (const [name, text] of schemas) expect(JSON.parse(readFileSync(join(DIRECTORY, name), 'utf8'))).toEqual(JSON.parse(text));
});

describe('a record is what the JSON schemas say, by another judge', async () => {
  const { dir, outputs } = makeRecord({
    changes: [added('a'), modified('b'), deleted('c\n'), renamed('d', 'e')],
    network: [denial('evil.example')],
    programs: [program('/bin/sh', { argv: ['sh', '\n'], cut: true }), program(null, { how: 'signal', code: null, signal: 'SIGKILL' })],
    guards: [
      {
        name: 'guards.network.denied',
        on: 'network',
        action: 'review',
        test: { kind: 'denied' },
        place: { file: 'p', line: 1, column: 1 },
      },
    ],
  });
  await makeVerdict({ kind: 'verdict', id: ID, record: dir, outputs, secrets: {}, mask: [] }, deriveAll);
  const files = Object.entries(RECORD).flatMap(([file, { schema }]) => {
    if (schema === null) return [];
    const text = readFileSync(join(dir, file), 'utf8');
    return [{ file, schema, values: file.endsWith('.json') ? [text] : text.trimEnd().split('\n') }];
  });

  test.each(files)('$file', ({ schema, values }) => {
    const text = recordSchemas().get(`${schema}.schema.json`) ?? '';
    const validator = new Validator(JSON.parse(text) as Schema);
    expect(values.length).toBeGreaterThan(0);
    for (const value of values) expect(validator.validate(JSON.parse(value))).toEqual({ valid: true, errors: [] });
    expect(validator.validate({ schema: 'agent-jail/else@1' }).valid).toBe(false);
  });
});
