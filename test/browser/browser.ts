import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { page as reportPage } from '../../scripts/page.ts';
import type { HostPath } from '../../src/model/names.ts';
import type { Conclusion } from '../../src/record/conclusion.ts';
import { openRecordDir } from '../../src/record/read.ts';
import { derive } from '../../src/report/derive.ts';
import { makeCast } from '../../src/transcript/cast.ts';
import { makeText } from '../../src/transcript/text.ts';
import { root } from '../support/sources.ts';
import { makeRecord, newDirectory } from '../unit/record/fixture.ts';
import type { Content } from '../unit/record/fixture.ts';

export { beacon, launch, open } from './chromium.ts';

const built = reportPage(root);
/** CI keeps these. */
const SCREENSHOTS = join(root, '.tmp/screenshots');

/** Makes the report of a record, in its directory; returns its path. */
export async function reportOf(content: Content, more: Partial<Conclusion> = {}, prepare: (dir: HostPath) => void = () => {}) {
  const { dir, run, manifest } = makeRecord(content);
  prepare(dir);
  const template = join(newDirectory(), 'page.html') as HostPath;
  writeFileSync(template, (await built).html);
  const conclusion = {
    run,
    findings: [],
    outcome: 'succeeded' as const,
    because: 'every step ended with 0',
    manifest,
    trajectory: null,
    ...more,
  };
  const record = openRecordDir(dir);
  const files = await derive({ ...conclusion, record }, { makeCast, page: template });
  const transcript = {
    index: record.lines('transcript.ndjson'),
    log: record.pieces('transcript.log'),
    size: record.size('transcript.log') ?? 0,
  };
  writeFileSync(join(dir, 'transcript.txt'), await makeText(transcript, 1 << 20, null));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(dir, name), text);
  return { path: join(dir, 'report.html'), dir, size: files['report.html'].length };
}

export async function screenshot(page: Page, name: string, fullPage = true): Promise<void> {
  mkdirSync(SCREENSHOTS, { recursive: true });
  await page.screenshot({ path: join(SCREENSHOTS, `${name}.png`), fullPage });
}
