interface Schema {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
}

/**
 * Every setting of the policy by its path: `a.b`, `[]` for an entry of a list, `NAME` for a key of the user's, and `=value` for each
 * word of an enumeration. Short forms and long forms have their own.
 */
export function leaves(schema: Schema, path = ''): string[] {
  return [...new Set(walk(schema, path))];
}

function walk(schema: Schema, path: string): string[] {
  if (schema.anyOf !== undefined) return schema.anyOf.flatMap((one) => walk(one, path));
  if (schema.items !== undefined) return walk(schema.items, `${path}[]`);
  if (schema.properties !== undefined || typeof schema.additionalProperties === 'object') {
    const named = typeof schema.additionalProperties === 'object' ? walk(schema.additionalProperties, `${path}.NAME`) : [];
    const below = (name: string): string => (path === '' ? name : `${path}.${name}`);
    return [...named, ...Object.entries(schema.properties ?? {}).flatMap(([name, one]) => walk(one, below(name)))];
  }
  if (schema.enum !== undefined) return schema.enum.map((value) => `${path}=${String(value)}`);
  return [path];
}
