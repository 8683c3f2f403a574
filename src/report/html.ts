/** Where the page has its data. */
export const DATA = '@DATA@';

/**
 * The page with its data. The page's policy lets no script run but its own, by hash; the data are JSON in which no `<` is left, so that
 * nothing in them ends the element they stand in.
 */
export function fill(page: Buffer, data: object): Buffer {
  const json = JSON.stringify(data).replaceAll('<', '\\u003c');
  const at = page.indexOf(DATA);
  if (at === -1) throw new Error('the page of the report has no place for its data');
  return Buffer.concat([page.subarray(0, at), Buffer.from(json), page.subarray(at + DATA.length)]);
}
