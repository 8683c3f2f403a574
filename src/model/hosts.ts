/** Whether the pattern of a host rule takes in the exact name: `a.b`, `*.a.b` (below it), `.a.b` (both). */
export function covers(pattern: string, name: string): boolean {
  if (pattern.startsWith('*.')) return name.endsWith(pattern.slice(1));
  if (pattern.startsWith('.')) return name === pattern.slice(1) || name.endsWith(pattern);
  return pattern === name;
}
