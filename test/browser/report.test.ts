import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { launch, open, reportOf, screenshot } from './browser.ts';
import { FINDING, TRAJECTORY, USUAL } from './usual.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

const usual = async () =>
  reportOf(USUAL, { findings: [FINDING], outcome: 'needs-review', because: '1 changed path to be reviewed', trajectory: await TRAJECTORY });
const texts = (page: Page, selector: string): Promise<string[]> => page.locator(selector).allInnerTexts();

describe('a usual record', () => {
  test('says the verdict and why at the top', async () => {
    await using opened = await open(browser, (await usual()).path);
    const head = await opened.page.locator('header').innerText();
    for (const part of ['needs-review', '1 changed path to be reviewed', 'guards.changes.review', 'package.json', 'and 2 more'])
      expect(head).toContain(part);
    expect(await opened.page.title()).toMatch(/^needs-review: agent-jail/);
    expect(opened.wrong).toEqual([]);
  });

  test('opens in less than a second, is small, and asks for nothing', async () => {
    const { path, size } = await usual();
    expect(size).toBeLessThan(2 << 20);
    const times: number[] = [];
    for (let round = 0; round < 3; round += 1) {
      await using opened = await open(browser, path);
      times.push(await opened.page.evaluate<number>("performance.getEntriesByType('navigation')[0].loadEventEnd"));
      expect(opened.wrong).toEqual([]);
    }
    console.log(`loaded in ${times.map((ms) => Math.round(ms)).join(', ')} ms, ${size} bytes`);
    expect(Math.min(...times)).toBeGreaterThan(0);
    expect(Math.min(...times)).toBeLessThan(1000);
  });

  test('shows the agent’s own log as a conversation, its calls folded', async () => {
    await using opened = await open(browser, (await usual()).path);
    const { page } = opened;
    const section = page.locator('#trajectory');
    expect(await texts(page, '#trajectory article h3')).toEqual([
      expect.stringMatching(/^1 User 2026-11-25T/),
      expect.stringMatching(/^2 Agent 2026-11-25T.*1200 tokens in, 40 out$/),
      expect.stringMatching(/^3 Agent /),
    ]);
    expect(await texts(page, '#trajectory .said')).toEqual(['Write the proof file', 'Done: wrote agent-proof.txt']);
    expect(await texts(page, '#trajectory tbody tr')).toContain('tokens in\t2,400\tclaimed by the agent');
    expect(await section.locator('details[open]').count()).toBe(0);
    expect(await section.locator('pre').first().isVisible()).toBe(false);
    await section.locator('summary').click();
    expect(await texts(page, '#trajectory details[open] pre')).toEqual([
      "command: echo 'hello' > agent-proof.txt && cat agent-proof.txt",
      'hello\n',
    ]);
    await section.getByRole('button', { name: 'Fold all', exact: true }).click();
    expect(await section.locator('details[open]').count()).toBe(0);
    await section.getByRole('button', { name: 'Unfold all' }).click();
    expect(await section.locator('details[open]').count()).toBe(1);
    await screenshot(page, 'trajectory');
    expect(opened.wrong).toEqual([]);
  });

  test('filters the changes, and shows the differences both ways', async () => {
    await using opened = await open(browser, (await usual()).path);
    const { page } = opened;
    const section = page.locator('#changes');
    expect(await section.getByRole('status').innerText()).toBe('7 changes listed');
    await section.getByLabel('flag', { exact: true }).selectOption('runs-later');
    expect(await texts(page, '#changes .file .name')).toEqual(['package.json']);
    await section.getByLabel('flag', { exact: true }).selectOption('');
    await section.getByLabel('change', { exact: true }).selectOption('deleted');
    expect(await texts(page, '#changes .file .name')).toEqual(['gone.ts']);
    await section.getByLabel('change', { exact: true }).selectOption('');
    await section.getByLabel('where', { exact: true }).selectOption('home');
    expect(await texts(page, '#changes .file .name')).toEqual(['x']);
    await section.getByLabel('where', { exact: true }).selectOption('');
    await section.getByLabel('Path', { exact: true }).fill('readme');
    expect(await texts(page, '#changes .file .name')).toEqual(['README.md']);
    await page.locator('#changes .file').click();
    expect(await texts(page, '#changes td.line mark')).toEqual(['old', 'new']);
    expect(await page.locator('#changes table.split').count()).toBe(1);
    await page.getByRole('button', { name: 'Unified' }).click();
    expect(await texts(page, '#changes td.line')).toEqual(['# Title', 'the old line', 'the new line', 'end']);
    expect(await texts(page, '#changes td.sign')).toEqual([' ', '-', '+', ' ']);
    expect(opened.wrong).toEqual([]);
  });

  test('searches and folds the transcript', async () => {
    await using opened = await open(browser, (await usual()).path);
    const { page } = opened;
    const search = page.locator('#transcript input');
    await search.fill('LINE 2');
    const status = page.locator('#transcript').getByRole('status');
    expect(await status.innerText()).toBe('1 of 11'); // 2, 20 to 29
    await search.press('Enter');
    expect([await status.innerText(), await texts(page, '.found')]).toEqual(['2 of 11', ['line 20 of the build\n']]);
    await search.press('Shift+Enter');
    await search.press('Shift+Enter');
    expect([await status.innerText(), await texts(page, '.found')]).toEqual(['11 of 11', ['line 29 of the build\n']]);
    await page.locator('#transcript summary').first().click();
    expect(await page.getByText('line 3 of the build').isVisible()).toBe(false);
    await page.getByRole('button', { name: 'Next' }).click(); // opens what it is in
    expect(await page.locator('.found').isVisible()).toBe(true);
    // What was folded has text from the next frame on.
    await expect.poll(() => page.locator('#transcript').innerText()).toContain('red end');
    expect(opened.wrong).toEqual([]);
  });

  test.each([3, 30, 31, 450, 1200])('has its place for a transcript that nobody has seen yet: %i lines', async (lines) => {
    const output = Array.from({ length: lines }, (_, line) => `line ${line}\n`).join('');
    // A browser lays out what is near the window, too.
    await using opened = await open(browser, (await reportOf({ ...USUAL, output })).path, { viewport: { width: 1400, height: 200 } });
    const { page } = opened;
    const at = () => page.evaluate<number>("document.querySelector('#replay').getBoundingClientRect().top + window.scrollY");
    const before = await at();
    await page.locator('#transcript').scrollIntoViewIfNeeded();
    await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');
    expect(await page.locator('#transcript pre').first().innerText()).toContain('line 2');
    expect(await at()).toBe(before);
    expect(opened.wrong).toEqual([]);
  });

  test('replays the terminal', async () => {
    await using opened = await open(browser, (await usual()).path);
    const { page } = opened;
    await page.getByRole('button', { name: 'Replay' }).click();
    await page.locator('.ap-term').waitFor();
    await expect.poll(() => page.locator('.ap-term').innerText(), { timeout: 10_000 }).toMatch(/line 30 of the build\s+red\s+end/);
    await screenshot(page, 'replay');
    expect(opened.wrong).toEqual([]);
  });

  test('shows the programs that ran, each below the one that started it, beside the steps', async () => {
    await using opened = await open(browser, (await usual()).path);
    const { page } = opened;
    const rows = () => texts(page, '#timeline table:has(caption:text("Programs")) tbody tr');
    expect((await rows()).map((row) => row.replace(/\s+/g, ' '))).toEqual([
      expect.stringMatching(/\/bin\/sh.*-c git status.*50 ms.*exit code 0/),
      expect.stringMatching(/\/usr\/bin\/git.*status.*SIGKILL/),
      expect.stringMatching(/\/usr\/bin\/true.*exit code 0/),
    ]);
    const indents = await page.locator('#timeline .program').evaluateAll((all) => all.map((one) => one.getAttribute('style')));
    expect(indents).toEqual(['padding-left: 0em;', 'padding-left: 1em;', 'padding-left: 2em;']);
    await page.locator('#timeline').getByLabel('Program or argument', { exact: true }).fill('status');
    expect((await rows()).length).toBe(2);
    expect(opened.wrong).toEqual([]);
  });

  test('filters the network', async () => {
    await using opened = await open(browser, (await usual()).path);
    const { page } = opened;
    const rows = () => page.locator('#network tbody tr').count();
    expect(await rows()).toBe(3);
    await page.locator('#network').getByLabel('verdict', { exact: true }).selectOption('denied');
    expect(await rows()).toBe(2);
    await page.locator('#network').getByLabel('Host', { exact: true }).fill('evil');
    expect(await texts(page, '#network tbody tr')).toEqual([expect.stringContaining('evil.example:443')]);
    expect(opened.wrong).toEqual([]);
  });

  test('is used by keys alone', async () => {
    await using opened = await open(browser, (await usual()).path);
    const { page } = opened;
    const focused = () => page.evaluate<string>('document.activeElement.closest("section")?.id + " " + document.activeElement.tagName');
    await page.keyboard.press('6');
    expect(await focused()).toBe('network H2');
    await page.keyboard.press('/');
    expect(await focused()).toBe('transcript INPUT');
    await page.keyboard.type('6/j'); // text now, and no keys
    expect(await page.locator('#transcript input').inputValue()).toBe('6/j');
    await page.keyboard.press('Tab');
    await page.keyboard.press('j');
    const chosen = () => page.locator('#changes .file[aria-current=true] .name').innerText();
    const first = await chosen();
    await page.keyboard.press('j');
    expect(await chosen()).not.toBe(first);
    await page.keyboard.press('k');
    expect(await chosen()).toBe(first);
    await page.keyboard.press('?');
    expect(await page.getByRole('dialog').isVisible()).toBe(true);
    await page.keyboard.press('Escape');
    expect(await page.getByRole('dialog').isVisible()).toBe(false);
    await page.keyboard.press('t');
    expect(await page.locator('html').getAttribute('data-theme')).toBe('dark');
    expect(opened.wrong).toEqual([]);
  });

  test('has links to the raw files, which are there', async () => {
    const { path, dir } = await usual();
    await using opened = await open(browser, path);
    const links = await opened.page.evaluate<string[]>(
      "[...document.querySelectorAll('#files a')].map((link) => link.getAttribute('href'))",
    );
    expect(links).toContain('transcript.log');
    expect(links.filter((name) => readFileSync(`${dir}/${name}`).length === 0)).toEqual(['verdict.json']); // not judged here
  });
});

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const SCREENS: readonly (readonly [string, BrowserContextOptions])[] = [
  ['desktop, light', { colorScheme: 'light' }],
  ['phone, dark', { colorScheme: 'dark', viewport: { width: 390, height: 844 } }],
];

describe.each(SCREENS)('on a %s', (name, options) => {
  test('axe finds nothing, and nothing is wider than the screen', async () => {
    // The test's own script has to get in; the page is what it is with its policy.
    await using opened = await open(browser, (await usual()).path, { ...options, bypassCSP: true });
    const { page } = opened;
    await page.evaluate(AXE);
    const { violations, passes } = await page.evaluate<{ violations: { id: string; nodes: { html: string }[] }[]; passes: unknown[] }>(
      'axe.run()',
    );
    expect(
      violations.map(
        ({ id, nodes }) =>
          `${id}: ${nodes
            .map(({ html }) => html)
            .join(' ')
            .slice(0, 500)}`,
      ),
    ).toEqual([]);
    expect(passes.length).toBeGreaterThan(15);
    const [wide, screen] = await page.evaluate<[number, number]>('[document.documentElement.scrollWidth, innerWidth]');
    expect(wide).toBeLessThanOrEqual(screen);
    await screenshot(page, `report, ${name}`);
  });
});
