import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
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

/** What the machine has; nothing is downloaded. Without its own network services, and as root it has no sandbox. */
const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/google-chrome'].find((path) => existsSync(path)) ?? 'chromium';
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
const built = reportPage(root);
/** CI keeps these. */
const SCREENSHOTS = join(root, '.tmp/screenshots');

export const launch = (): Promise<Browser> => chromium.launch({ executablePath: CHROMIUM, args: FLAGS });

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

export interface Opened extends AsyncDisposable {
  readonly page: Page;
  /** What the page asked for, itself aside; what it complained of; dialogs. */
  readonly wrong: string[];
}

/** Opens a report from its file. */
export async function open(browser: Browser, path: string, options: BrowserContextOptions = {}): Promise<Opened> {
  const context = await browser.newContext({ viewport: { width: 1400, height: 900 }, ...options });
  const page = await context.newPage();
  const wrong: string[] = [];
  page.on('request', (request) => {
    if (request.url().split('#')[0] !== `file://${path}`) wrong.push(`request ${request.url()}`);
  });
  page.on('console', (message) => wrong.push(`console ${message.text()}`));
  page.on('pageerror', (error) => wrong.push(`error ${error.message}`));
  page.on('dialog', (dialog) => {
    wrong.push(`dialog ${dialog.message()}`);
    void dialog.dismiss();
  });
  await page.goto(`file://${path}`);
  return { page, wrong, [Symbol.asyncDispose]: () => context.close() };
}

export async function screenshot(page: Page, name: string, fullPage = true): Promise<void> {
  mkdirSync(SCREENSHOTS, { recursive: true });
  await page.screenshot({ path: join(SCREENSHOTS, `${name}.png`), fullPage });
}

/** A server that counts who asks it for anything. */
export async function beacon(): Promise<{ readonly url: string; readonly asked: string[] } & AsyncDisposable> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    response.end();
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  const close = (): Promise<void> => new Promise((done) => void server.close(() => done()));
  return { url: `http://127.0.0.1:${port}`, asked, [Symbol.asyncDispose]: close };
}
