const HEADER = Buffer.from('diff --git ');

/**
 * Gives git's patch of two directories the headers of a patch of one: `git diff --no-index` writes `diff --git b/x b/x` for a new file and
 * `a/x a/x` for a deleted one, and readers of patches look for `a/x b/x`. No other line of a patch begins with `diff --git `: those of text
 * begin with a sign, those of binary data hold no space.
 */
export async function* usualHeaders(patch: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const piece of patch) {
    const all = rest.length === 0 ? piece : Buffer.concat([rest, piece]);
    const end = all.lastIndexOf(0x0a) + 1;
    rest = all.subarray(end);
    if (end > 0) yield rewrite(all.subarray(0, end));
  }
  if (rest.length > 0) yield rewrite(rest);
}

/** Whole lines. */
function rewrite(lines: Buffer): Buffer {
  const parts: Buffer[] = [];
  let done = 0;
  for (let at = header(lines, 0); at !== -1; at = header(lines, done)) {
    const from = at + HEADER.length;
    const newline = lines.indexOf(0x0a, from);
    const to = newline === -1 ? lines.length : newline;
    parts.push(lines.subarray(done, from), sides(lines.subarray(from, to)));
    done = to;
  }
  parts.push(lines.subarray(done));
  return Buffer.concat(parts);
}

/** Where the next header line begins. */
function header(lines: Buffer, from: number): number {
  for (let at = lines.indexOf(HEADER, from); at !== -1; at = lines.indexOf(HEADER, at + 1)) {
    if (at === 0 || lines[at - 1] === 0x0a) return at;
  }
  return -1;
}

/** `b/x b/x` as `a/x b/x`; names may be quoted. Two different names are left as they are. */
function sides(text: Buffer): Buffer {
  const half = (text.length - 1) / 2;
  const left = Buffer.from(text.subarray(0, half));
  const right = Buffer.from(text.subarray(half + 1));
  if (!left.equals(right)) return text;
  const at = left[0] === 0x22 ? 1 : 0;
  left[at] = 0x61;
  right[at] = 0x62;
  return Buffer.concat([left, Buffer.from(' '), right]);
}
