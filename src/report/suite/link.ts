/** The page of the agent's run, in the directory of the trial. */
const REPORT = ['agent', 'report.html'];

/**
 * From the suite's page to the report of a trial: a relative URL that leads nowhere but below `base`, whatever the results say; null: no record
 * was kept, or its path is none of ours. `base`: '' or a relative URL that ends with a slash, from the page to the results.
 */
export function recordLink(base: string, record: string | null): string | null {
  if (record === null || record === '' || !record.isWellFormed()) return null;
  const parts = record.split('/').filter((part) => part !== '.');
  if (parts.length === 0 || parts.some((part) => part === '' || part === '..' || part.includes('\\') || part.includes('\0'))) return null;
  return `${base === '' ? './' : base}${[...parts, ...REPORT].map(encodeURIComponent).join('/')}`;
}
