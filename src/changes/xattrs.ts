/** Extended attributes that count: by name, values in base64. */
export type Xattrs = Readonly<Record<string, string>>;

export function sameXattrs(a: Xattrs | undefined, b: Xattrs | undefined): boolean {
  const [left, right] = [Object.entries(a ?? {}), b ?? {}];
  return left.length === Object.keys(right).length && left.every(([name, value]) => right[name] === value);
}
