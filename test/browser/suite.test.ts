import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { page as pageOf } from '../../scripts/page.ts';
import type { HostPath } from '../../src/model/names.ts';
import type { SuiteInput } from '../../src/report/suite/input.ts';
import { suiteHtml } from '../../src/report/suite/html.ts';
import { root } from '../support/sources.ts';
import { newDirectory } from '../unit/record/fixture.ts';
import {
  comparedOf,
  comparisonOf,
  driftOf,
  FIGURES,
  inputOf,
  inputOfText,
  intervalOf,
  nightOf,
  trialOf,
} from '../unit/report/suite/fixture.ts';
import { attacks } from './attacks.ts';
import { beacon, launch, open, screenshot } from './browser.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

const built = pageOf(root, 'suite');
async function suiteOf(input: SuiteInput): Promise<{ readonly path: string; readonly dir: HostPath; readonly size: number }> {
  const dir = newDirectory();
  const page = join(newDirectory(), 'page.html') as HostPath;
  writeFileSync(page, (await built).html);
  const html = suiteHtml(input, { page });
  writeFileSync(join(dir, 'suite.html'), html);
  return { path: join(dir, 'suite.html'), dir, size: html.length };
}

/** 500 tasks of ten trials, and 29 nights before. */
async function large(): Promise<SuiteInput> {
  const names = Array.from({ length: 500 }, (_, index) => `task-${String(index).padStart(3, '0')}-of-the-suite`);
  const expected = Object.fromEntries(names.map((name) => [name, 10]));
  const night = (index: number, keep: boolean) =>
    nightOf(
      expected,
      names.flatMap((name, task) =>
        Array.from({ length: 10 }, (_, trial) => {
          const good = (task * 7 + trial * 13 + index * 31) % 50 > 2 && !(keep && task === 321);
          const more = good
            ? {}
            : ({ outcome: 'fail', because: `the verifier ended with ${trial}: the file out.txt is not what it should be` } as const);
          const total = 1000 + ((task * 37 + trial * 101 + index * 11) % 5000);
          return trialOf(name, trial + 1, { ...more, ms: { agent: total, verifier: 0, total }, record: `records/${name}/${trial + 1}` });
        }),
      ),
      { keep, name: keep ? 'now' : `night ${index}`, started: new Date(Date.UTC(2026, 9, 1 + index)).toISOString() },
    );
  const nights = await Promise.all(Array.from({ length: 29 }, (_, index) => night(index, false)));
  const current = await night(29, true);
  const tasks = current.tasks.map(({ task, passed, measured }, index) => {
    const bad = index === 321;
    return comparedOf(task, intervalOf(passed, measured), intervalOf(65, 70), bad ? { p: 1e-9, q: 4e-7, verdict: 'regressed' } : {});
  });
  const drift = names.slice(0, 300).map((task, index) => driftOf({ task, severity: index < 5 ? 'high' : 'medium' }));
  const comparison = comparisonOf({ verdict: 'regressed', because: ['1 task regressed'], tasks, drift });
  return { current, nights, comparison, figures: FIGURES, failures: ['regression: 1 task'] };
}
const LARGE = large();

const names = (page: Page): Promise<string[]> => page.locator('.matrix .name button').allInnerTexts();
const status = (page: Page) => page.locator('#tasks').getByRole('status');

describe('500 tasks in 30 nights', () => {
  test('open in less than two seconds, in less than 2 MB', async () => {
    const { path, size } = await suiteOf(await LARGE);
    expect(size).toBeLessThan(2_000_000);
    const times: number[] = [];
    for (let round = 0; round < 5; round += 1) {
      const context = await browser.newContext({ viewport: { width: 1400, height: 900 } });
      const page = await context.newPage();
      const begin = performance.now();
      // What is clicked is visible, does not move and takes events; then what it opens has to be there.
      await Promise.all([page.goto(`file://${path}`, { waitUntil: 'commit' }), page.locator('.matrix .name button').first().click()]);
      await page.locator('.matrix .details').waitFor();
      times.push(performance.now() - begin);
      await context.close();
    }
    console.log(`usable in ${times.map((ms) => Math.round(ms)).join(', ')} ms, ${size} bytes`);
    expect(Math.min(...times)).toBeLessThan(2000);
  });

  test('are all there, are filtered and sorted', async () => {
    await using opened = await open(browser, (await suiteOf(await LARGE)).path);
    const { page } = opened;
    const made = () => page.locator('.matrix .name button').count();
    expect(await made()).toBeLessThan(200);
    // The next are made when one comes near.
    await page.evaluate("document.querySelector('.tall').scrollTo(0, 1e6)");
    await expect.poll(made, { timeout: 10_000 }).toBeGreaterThan(30);
    await page.evaluate("for (let more; (more = document.querySelector('.tall td[colspan] > button')); ) more.click()");
    expect(await made()).toBe(500);
    expect(await status(page).innerText()).toBe('500 tasks listed');
    expect((await names(page))[0]).toBe('task-321-of-the-suite');
    expect(await page.locator('.matrix tbody tr').first().locator('td').allInnerTexts()).toEqual([
      '0 %', '-92.9', expect.stringMatching(/^\d\.\d s$/), '$5.00', '✗ 10', ...Array<unknown>(29).fill(expect.stringMatching(/^(✓ 10|✗ 10|\d\/10)$/)),
    ]); // biome-ignore format: a row
    await page.getByLabel('sort by').selectOption('name');
    expect((await names(page)).slice(0, 2)).toEqual(['task-000-of-the-suite', 'task-001-of-the-suite']);
    await page.getByRole('button', { name: 'Reverse' }).click();
    expect((await names(page))[0]).toBe('task-499-of-the-suite');
    await page.getByLabel('Task', { exact: true }).fill('TASK-32');
    expect(await names(page)).toEqual([9, 8, 7, 6, 5, 4, 3, 2, 1, 0].map((n) => `task-32${n}-of-the-suite`));
    await page.getByLabel('only').selectOption('regressed');
    expect([await names(page), await status(page).innerText()]).toEqual([['task-321-of-the-suite'], '1 task listed']);
    await page.getByLabel('Task', { exact: true }).fill('nothing');
    expect([await names(page), await status(page).innerText()]).toEqual([[], '0 tasks listed']);
    expect(opened.wrong).toEqual([]);
  });
});

describe('a suite', () => {
  test('says the verdict and why at the top, then figures, drift, trends, nights', async () => {
    await using opened = await open(browser, (await suiteOf(await inputOf({ failures: ['regression: broken'] }))).path);
    const { page } = opened;
    const head = await page.locator('header').innerText();
    for (const part of ['✗ nightly: regressed', 'regression: broken', '1 task regressed', 'The smallest drop that could have been seen: +12 points', '3 of 6 measured trials passed', 'absent', 'old.ndjson: it is of another suite'])
      expect(head).toContain(part); // biome-ignore format: short
    expect(await page.title()).toBe('regressed: nightly');
    const rows = async (place: string): Promise<string[]> =>
      (await page.locator(`${place} tbody tr`).allInnerTexts()).map((row) => row.replace(/\s+/g, ' ').trim());
    expect(await rows('#tasks')).toEqual([
      'broken regressed 0 % -100 1.0 s $1.00 ✗ 2 ✓ 2 ✓ 2',
      'absent - -',
      'flaky flaky 50 % -50 1.0 s $1.50 1/2 ✓ 3 ✓ 3',
      'steady drift 100 % 0 1.0 s $1.00 ✓ 2 ✓ 2 ✓ 2',
    ]);
    expect((await rows('#figures')).slice(0, 3)).toEqual(['pass@1 60 % 50 to 70 %', 'pass@2 80 % 70 to 90 %', 'pass^2 40 % 30 to 50 %']);
    expect(await rows('#drift')).toEqual([
      'high new-host steady a new host was asked for +evil.example:443',
      'low duration steady slower 500 1,000 0.01',
    ]);
    await page.getByLabel('severity').selectOption('low');
    expect((await rows('#drift')).length).toBe(1);
    expect(await page.locator('#trends figcaption').allInnerTexts()).toEqual([
      'pass rate: 50 % now, 50 % to 100 % over 3 nights',
      'cost: $3.50 now, $3.50 to $3.50 over 3 nights',
      'median time: 1.0 s now, 1.0 s to 1.0 s over 3 nights',
    ]);
    expect((await rows('#nights')).map((row) => row.split(' 2026')[0])).toEqual(['now', 'night 2', 'night 1']);
    await screenshot(page, 'suite');
    expect(opened.wrong).toEqual([]);
  });

  test('opens a task by keys: its trials, each with a link to its record where one was kept', async () => {
    const { path, dir } = await suiteOf(await inputOf());
    mkdirSync(join(dir, 'records/broken/1/agent'), { recursive: true });
    writeFileSync(join(dir, 'records/broken/1/agent/report.html'), '<title>the record</title>');
    await using opened = await open(browser, path);
    const { page } = opened;
    await page.keyboard.press('/');
    await page.keyboard.type('bro');
    await page.keyboard.press('Tab'); // only
    for (let tab = 0; tab < 3; tab += 1) await page.keyboard.press('Tab'); // sort by, Reverse, the table
    await page.keyboard.press('j');
    expect(await page.evaluate('document.activeElement.textContent')).toBe('broken');
    await page.keyboard.press('Enter');
    expect(await page.evaluate('document.activeElement.getAttribute("aria-expanded")')).toBe('true');
    const details = page.locator('.matrix .details');
    expect(await details.innerText()).toContain(
      '2 trials expected: 2 fail · now 0/2, 95 %: 13 to 88 % · then 4/4, 95 %: 13 to 88 % · p 0.031 · q 0.04',
    );
    const trials = (await details.locator('tbody tr').allInnerTexts()).map((row) => row.replace(/\s+/g, ' ').trim());
    expect(trials).toEqual([
      expect.stringMatching(/^1 fail exit code 1 file out.txt exists 0 1.0 s \$0.50 1001 report/),
      '2 fail exit code 1 file out.txt exists 0 1.0 s $0.50 1002',
    ]);
    expect(await details.locator('figcaption').first().innerText()).toBe('pass rate: 0 % now, 0 % to 100 % over 3 nights');
    await page.keyboard.press('Enter');
    expect(await details.count()).toBe(0);
    await page.keyboard.press('Enter');
    await page.keyboard.press('k');
    expect(opened.wrong).toEqual([]);
    await details.getByRole('link').click();
    await expect.poll(() => page.title()).toBe('the record');
    expect(page.url()).toBe(`file://${dir}/records/broken/1/agent/report.html`);
  });

  test('that was never compared, of no trial, says so', async () => {
    const nothing = await nightOf({ a: 3 }, []);
    const figures = { pass1: null, passAtK: [], passHatK: [] };
    await using opened = await open(
      browser,
      (await suiteOf({ current: nothing, nights: [], comparison: null, figures, failures: [] })).path,
    );
    const { page } = opened;
    expect(await page.locator('h1').innerText()).toBe('✗ nightly: nothing measured');
    expect(await page.locator('#trends').innerText()).toContain('There is no night before this one.');
    await page.getByRole('button', { name: 'a', exact: true }).click();
    expect(await page.locator('.details').innerText()).toContain('3 trials expected: none was made');
    expect(opened.wrong).toEqual([]);
  });

  test('of hostile texts: no script runs, nothing is asked for, and all of it can be read', async () => {
    await using server = await beacon();
    const all = [...attacks(server.url), 'safe\u202egnp.exe\u2066\u200b\x1b[2J'].join(' ');
    const { path } = await suiteOf(await inputOfText(all));
    await using opened = await open(browser, path);
    const { page } = opened;
    await page.evaluate('for (const button of document.querySelectorAll(".matrix .name button")) button.click()');
    await page.evaluate('for (const fold of document.querySelectorAll("details")) fold.open = true');
    await page.waitForTimeout(300);
    expect(await page.evaluate('window.hacked')).toBeUndefined();
    expect(await page.evaluate('location.href')).toBe(`file://${path}`);
    expect(await page.locator('script').count()).toBe(2); // the data, and the page's own
    expect(await page.locator('body :is(img, iframe, link, meta, base, object, embed, title)').count()).toBe(0);
    expect(
      await page.evaluate('[...document.querySelectorAll("*")].flatMap((e) => e.getAttributeNames()).filter((n) => n.startsWith("on"))'),
    ).toEqual([]);
    for (const place of ['header', '#tasks', '.details', '#drift', '#nights', '#about'])
      expect([place, await page.locator(place).first().textContent()]).toEqual([
        place,
        expect.stringContaining('onerror="window.hacked=1"'),
      ]);
    const links = await page.evaluate<string[]>('[...document.links].map(({ href }) => href)');
    expect(links.filter((href) => !href.startsWith(`file://${path}#`))).toEqual([]);
    expect(
      await page
        .locator('body > :not(script)')
        .allTextContents()
        .then((texts) => texts.join('')),
    ).not.toMatch(/[\u202a-\u202e\u2066-\u2069\u200b\x1b]/);
    await page.locator('.matrix .name button').first().hover();
    await screenshot(page, 'suite, hostile');
    expect([server.asked, opened.wrong]).toEqual([[], []]);
  });
});

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const SCREENS: readonly (readonly [string, BrowserContextOptions])[] = [
  ['desktop, light', { colorScheme: 'light' }],
  ['desktop, dark', { colorScheme: 'dark' }],
  ['phone, dark', { colorScheme: 'dark', viewport: { width: 390, height: 844 } }],
];

describe.each(SCREENS)('on a %s', (name, options) => {
  test('axe finds nothing, and nothing is wider than the screen', async () => {
    // The test's own script has to get in; the page is what it is with its policy.
    await using opened = await open(browser, (await suiteOf(await inputOf())).path, { ...options, bypassCSP: true });
    const { page } = opened;
    await page.evaluate('for (const button of document.querySelectorAll(".matrix .name button")) button.click()');
    expect(await page.locator('.details').count()).toBe(4);
    await page.evaluate(AXE);
    const { violations, passes } = await page.evaluate<{ violations: { id: string; nodes: { html: string }[] }[]; passes: unknown[] }>(
      'axe.run()',
    );
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ').slice(0, 500)}`)).toEqual([]); // biome-ignore format: short
    expect(passes.length).toBeGreaterThan(15);
    const [wide, screen] = await page.evaluate<[number, number]>('[document.documentElement.scrollWidth, innerWidth]');
    expect(wide).toBeLessThanOrEqual(screen);
    await screenshot(page, `suite, ${name}`);
  });
});
