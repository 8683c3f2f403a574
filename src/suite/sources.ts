import type { Path, Source } from '../policy/yaml.ts';

/** What stands at a path, as a source of its own; nothing there is an empty map. */
export function part(source: Source, path: Path): Source {
  const value = path.reduce<unknown>((node, key) => (node as Record<string | number, unknown> | undefined)?.[key], source.value);
  return { value: value ?? {}, place: (below, which) => source.place([...path, ...below], which) };
}

/** Keys of `own` in place of those of `shared`. */
export function over(own: Source, shared: Source): Source {
  const mine = own.value as Record<string, unknown>;
  return {
    value: { ...(shared.value as Record<string, unknown>), ...mine },
    place: (path, which) => (path[0] !== undefined && Object.hasOwn(mine, path[0]) ? own : shared).place(path, which),
  };
}
