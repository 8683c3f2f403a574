// Writes schema/record/*.schema.json and schema/suite/*.schema.json: JSON Schemas of the record's documents and lines, and of a suite's, made
// from the schemas that the readers use.
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { toJsonSchema } from '@valibot/to-json-schema';
import * as v from 'valibot';
import { LINE_FILES } from '../src/record/read.ts';
import { SCHEMAS } from '../src/record/schema.ts';
import type { SchemaName } from '../src/record/schema.ts';
import { comparisonSchema } from '../src/record/schema-comparison.ts';
import { suiteReportSchema } from '../src/record/schema-suite.ts';
import { headerSchema, lastSchema, trialSchema } from '../src/suite/trials-schema.ts';

export const DIRECTORY = fileURLToPath(new URL('../schema/record', import.meta.url));
export const SUITE_DIRECTORY = fileURLToPath(new URL('../schema/suite', import.meta.url));
const $schema = 'https://json-schema.org/draft/2020-12/schema';

/** File name to content. */
export function recordSchemas(): ReadonlyMap<string, string> {
  const names = Object.keys(SCHEMAS) as SchemaName[];
  return new Map(names.map((name) => [`${name}.schema.json`, `${JSON.stringify(schemaOf(name), null, 2)}\n`]));
}

/** File name to content: results of a suite, a comparison of them, and the report's figures. */
export function suiteSchemas(): ReadonlyMap<string, string> {
  const all = {
    trials: ['agent-jail/trials@1: one line', v.union([headerSchema, trialSchema, lastSchema])],
    comparison: ['agent-jail/comparison@1', comparisonSchema],
    'suite-report': ['agent-jail/suite-report@1', suiteReportSchema],
  } as const;
  return new Map(
    Object.entries(all).map(([name, [title, schema]]) => [
      `${name}.schema.json`,
      `${JSON.stringify({ $schema, title, ...toJsonSchema(schema, { target: 'draft-2020-12' }) }, null, 2)}\n`,
    ]),
  );
}

function schemaOf(name: SchemaName): object {
  const isLines = (LINE_FILES as readonly string[]).includes(`${name}.ndjson`);
  // The one format that is not ours.
  const title = name === 'trajectory' ? 'ATIF-v1.7, as agent-jail writes it' : `agent-jail/${name}@1${isLines ? ': one line' : ''}`;
  if (!isLines) return { $schema, title, ...toJsonSchema(SCHEMAS[name], { target: 'draft-2020-12' }) };
  const first = v.looseObject({ schema: v.literal(`agent-jail/${name}@1`) });
  const last = v.looseObject({ end: v.literal(true), lines: v.pipe(v.number(), v.integer(), v.minValue(0)) });
  return { $schema, title, ...toJsonSchema(v.union([first, last, SCHEMAS[name]]), { target: 'draft-2020-12' }) };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [directory, schemas] of [
    [DIRECTORY, recordSchemas()],
    [SUITE_DIRECTORY, suiteSchemas()],
  ] as const) {
    mkdirSync(directory, { recursive: true });
    for (const [name, text] of schemas) writeFileSync(`${directory}/${name}`, text);
  }
}
