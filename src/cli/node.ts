/** What the bundle is made for, and what the tests run on. */
const LEAST = 24;

/** Why this Node will not do; null: it will. */
export function unfitNode(version: string): string | null {
  const major = Number(version.split('.')[0]);
  return major >= LEAST ? null : `agent-jail: needs Node ${LEAST} or later, and this is ${version}. Install it, or put it first on PATH.`;
}
