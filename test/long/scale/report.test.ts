import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Browser } from 'playwright-core';
import type { HostPath } from '../../../src/model/names.ts';
import { NdjsonWriter } from '../../../src/system/ndjson.ts';
import { added, denial, modified } from '../../unit/record/fixture.ts';
import { launch, open, reportOf, screenshot } from '../../browser/browser.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

const MiB = 1 << 20;
const OUTPUT = 100;

/** 100 MiB of lines, as the recorder would have seen them: 64 KiB at a time. */
function printALot(dir: HostPath): void {
  const log = openSync(join(dir, 'transcript.log'), 'w');
  const index = openSync(join(dir, 'transcript.ndjson'), 'w');
  const writer = new NdjsonWriter(index, 'transcript');
  writer.line({ t: 1, step: 0, kind: 'begin', name: 'agent', offset: 0 });
  const line = 'a line of output that is printed again and again, 64 bytes of it\n'.slice(-64);
  const chunk = Buffer.from(line.repeat(1024));
  for (let part = 0; part < OUTPUT * 16; part += 1) {
    writeSync(log, chunk);
    writer.line({ t: part + 2, step: 0, kind: 'output', stream: 'merged', offset: part * chunk.length, length: chunk.length });
  }
  writer.line({ t: 2000, step: 0, kind: 'end', code: 0, signal: null, bytes: OUTPUT * MiB });
  writer.end();
  closeSync(log);
  closeSync(index);
}

test('100,000 changes and 100 MiB of output are summed up, and the page stays usable', async () => {
  const patch = Array.from({ length: 3000 }, (_, index) => {
    const name = `src/folder${index % 40}/file${index}.ts`;
    return `diff --git a/${name} b/${name}\n--- a/${name}\n+++ b/${name}\n@@ -1 +1 @@\n-${'old '.repeat(100)}\n+${'new '.repeat(100)}\n`;
  });
  const content = {
    changes: Array.from({ length: 100_000 }, (_, index) =>
      index % 10 === 0
        ? modified(`src/folder${index % 40}/file${index}.ts`)
        : added(`node_modules/package${index % 500}/dist/file${index}.js`, { flags: ['ignored'] }),
    ),
    network: Array.from({ length: 20_000 }, (_, index) => denial(`host${index % 900}.example`)),
    patch: patch.join(''),
  };
  const before = Date.now();
  const { path, size } = await reportOf(content, {}, printALot);
  const made = Date.now() - before;
  expect(size).toBeLessThan(4 * MiB);

  await using opened = await open(browser, path);
  const { page } = opened;
  const loaded = await page.evaluate<number>("performance.getEntriesByType('navigation')[0].loadEventEnd");
  console.log(`record and report made in ${made} ms, ${size} bytes, loaded in ${Math.round(loaded)} ms`);
  expect(loaded).toBeLessThan(10_000);
  expect(await page.locator('header').innerText()).toContain('100,000 changes');
  expect(await page.getByText('97,000 more changes, by folder').count()).toBe(1);
  expect(await page.locator('#transcript').textContent()).toContain(`${OUTPUT}.0 MiB in all`);
  expect(await page.locator('#network').getByRole('status').innerText()).toContain('1,000 lines of 20,000 are here');
  // The middle is left out, and both ends are there.
  const nodes = await page.evaluate<number>('document.querySelectorAll("*").length');
  expect(nodes).toBeLessThan(20_000);

  const took = async (work: () => Promise<unknown>): Promise<number> => {
    const from = Date.now();
    await work();
    return Date.now() - from;
  };
  const filter = await took(() => page.locator('#changes').getByLabel('Path', { exact: true }).fill('file1'));
  const search = await took(() => page.locator('#transcript input').fill('bytes left out'));
  console.log(`filter ${filter} ms, search ${search} ms, ${nodes} elements`);
  expect(await page.locator('#transcript').getByRole('status').innerText()).toBe('1 of 2'); // the marker, and what a viewer of the replay sees
  expect(Math.max(filter, search)).toBeLessThan(5000);
  await screenshot(page, 'huge', false);
  expect(opened.wrong).toEqual([]);
});
