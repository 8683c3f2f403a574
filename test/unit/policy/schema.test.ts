import { readFileSync, readdirSync } from 'node:fs';
import { Validator } from '@cfworker/json-schema';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { schemas } from '../../../scripts/schema.ts';
import { parsePolicy } from '../../../src/policy/parse.ts';

const root = new URL('../../../', import.meta.url);
const read = (name: string): string => readFileSync(new URL(name, root), 'utf8');
const examples = readdirSync(new URL('examples/policies/', root)).map((name) => `examples/policies/${name}`);

interface Schema {
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly anyOf?: readonly Schema[];
  readonly items?: Schema;
}
const policySchema = JSON.parse(read('schema/policy.schema.json')) as Schema;

/** Every key with its path as the documentation writes it, and its schema. */
function keys(schema: Schema, path = ''): [string, Schema][] {
  const inner = Object.entries(schema.properties ?? {}).flatMap(([name, below]): [string, Schema][] => {
    const here = path === '' ? name : `${path}.${name}`;
    return [[here, below], ...keys(below, here)];
  });
  const named = typeof schema.additionalProperties === 'object' ? keys(schema.additionalProperties, `${path}.NAME`) : [];
  const items = schema.items === undefined ? [] : keys(schema.items, `${path}[]`);
  return [...inner, ...named, ...items, ...(schema.anyOf ?? []).flatMap((one) => keys(one, path))];
}

describe('the JSON Schemas', () => {
  it.each([...schemas()])('schema/%s is what the code says (npx node scripts/schema.ts)', (name, text) => {
    expect(read(`schema/${name}`)).toBe(text);
  });
  it('describe every key', () => {
    const found = keys(policySchema);
    expect(found.length).toBeGreaterThan(50);
    expect(found.filter(([, { description }]) => !description).map(([path]) => path)).toEqual([]);
  });

  const validator = new Validator(policySchema as object, '7');
  it.each(examples)('%s is valid, and a policy', (name) => {
    expect(validator.validate(parse(read(name))).errors).toEqual([]);
    expect(parsePolicy(read(name), name).version).toBe(1);
  });
  it.each([
    'jial: {}',
    'network: noen',
    'env: { A: 1 }',
    'limits: { processes: 0 }',
    'secrets: { K: {} }',
    'guards: { changes: { forbid: [x] } }',
  ])('%s is not valid', (text) => {
    expect(validator.validate(parse(text)).valid).toBe(false);
  });
});

describe('docs/policy.md', () => {
  const page = read('docs/policy.md');
  /** Said once for all: `setup.network` is as `network`. */
  const own = keys(policySchema)
    .map(([path]) => path.replace('network[].', 'network.allow[].'))
    .filter((path) => !/^setup\.\w+[.[]/.test(path) && !['jail', 'limits', 'guards', 'result', 'setup'].includes(path))
    .filter((path) => !/^jail\.root\.|^guards\.(?:changes|network|output)$/.test(path));

  it.each([...new Set(own)])('has a row for %s', (path) => {
    expect(page).toContain(`\n| \`${path}\` |`);
  });
  it.each(keys(policySchema).map(([path]) => path.replace(/^.*\./, '')))('names %s', (name) => {
    expect(page).toMatch(new RegExp(`[\`. ]${name}[\`. ]`));
  });
  it.each(examples)('shows %s as it is', (name) => {
    expect(page).toContain(`\`\`\`yaml\n${read(name)}\`\`\``);
  });
});
