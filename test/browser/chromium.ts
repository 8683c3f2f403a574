import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { chromium } from 'playwright-core';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';

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
export const launch = (): Promise<Browser> => chromium.launch({ executablePath: CHROMIUM, args: FLAGS });

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
