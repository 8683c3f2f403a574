// Writes schema/*.schema.json from the schemas of src/policy, src/suite and src/scripted. Usage: node scripts/schema.ts
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { toJsonSchema } from '@valibot/to-json-schema';
import type * as v from 'valibot';
import { policySchema } from '../src/policy/schema.ts';
import { stepsSchema } from '../src/policy/steps.ts';
import { suiteSchema } from '../src/suite/schema.ts';
import { scriptSchema } from '../src/scripted/schema.ts';

/** File name in schema/ to its text. */
export function schemas(): ReadonlyMap<string, string> {
  return new Map([
    ['policy.schema.json', jsonSchema(policySchema, 'agent-jail policy')],
    ['steps.schema.json', jsonSchema(stepsSchema, 'agent-jail steps')],
    ['suite.schema.json', jsonSchema(suiteSchema, 'agent-jail suite')],
    ['model.schema.json', jsonSchema(scriptSchema, 'agent-jail model')],
  ]);
}

function jsonSchema(schema: v.GenericSchema, title: string): string {
  const made = toJsonSchema(schema, {
    // The checked side of each pipe; the other is only the test that a map is no list.
    typeMode: 'output',
    // What text means is checked in code.
    ignoreActions: ['raw_check', 'check'],
    overrideSchema: ({ valibotSchema }) => (valibotSchema.type === 'custom' ? { type: 'object' } : undefined),
  });
  const { $schema, ...rest } = made;
  return `${JSON.stringify({ $schema, title, ...rest }, optionalWithDefault, 2)}\n`;
}

/** Checked data has every default filled in; what a user writes need not have it. */
function optionalWithDefault(_key: string, value: unknown): unknown {
  const { required, properties } = (value ?? {}) as { required?: unknown; properties?: Record<string, object> };
  if (!Array.isArray(required) || properties === undefined) return value;
  const needed = (required as string[]).filter((name) => !('default' in (properties[name] ?? {})));
  const { required: _, ...rest } = value as object & { required: unknown };
  return needed.length === 0 ? rest : { ...rest, required: needed };
}

if (import.meta.main) {
  for (const [name, text] of schemas()) writeFileSync(join(import.meta.dirname, '..', 'schema', name), text);
}
