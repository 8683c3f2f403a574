import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Browser } from 'playwright-core';
import type { HostPath } from '../../src/model/names.ts';
import type { Trajectory } from '../../src/model/trajectory.ts';
import { added, denial, modified, program, renamed, STEP } from '../unit/record/fixture.ts';
import { attacks } from './attacks.ts';
import { beacon, launch, open, reportOf, screenshot } from './browser.ts';

// A record of an agent that wants to be more than text in the browser of whoever reads it (red team, E3, E4, F).

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

const TERMINAL = '\x1b]8;;http://x\x07link\x1b]8;;\x07 \x1b]52;c;aGFja2Vk\x07 \x1b]0;title\x07 \x1b[6n \x1bP+q\x1b\\ \x9b5n';
const TURNED = 'safe\u202egnp.exe\u2066\u200b\u00ad';

async function hostile(url: string) {
  const texts = attacks(url);
  const all = texts.join(' ');
  const lines = texts.map((text) => `+${text}`).join('\n');
  const patch = texts
    .map((text) => text.replaceAll('/', '_'))
    .filter((text) => !/["\\\u2028]/.test(text)) // git would quote these
    .map(
      (name) =>
        `diff --git a/${name} b/${name}\nnew file mode 100644\n--- /dev/null\n+++ b/${name}\n@@ -0,0 +1,${texts.length + 1} @@\n${lines}\n+${TURNED}\n`,
    );
  return reportOf(
    {
      run: {
        steps: texts.map((text) => ({ ...STEP, name: text, argv: ['sh', '-c', text] })),
        notices: [...texts, TURNED],
        backend: { name: 'nspawn', version: all, why: all },
        source: { kind: 'workspace', file: all },
        workspace: `/${all}` as never,
        proof: [{ property: all, seen: all }],
        redacted: { [all]: 1 },
        end: { how: 'error', started: true, message: all, remedy: all, place: null },
      },
      output: `${texts.join('\n')}\n${TERMINAL}\n${TURNED}\n`,
      changes: texts.flatMap((text) => [
        added(text.replaceAll('/', '_')),
        modified(`${text.replaceAll('/', '_')}/x`, { flags: ['runs-later'] }, { type: 'symlink', link: Buffer.from(text) as never }),
        renamed(`${TURNED}${text.length}`, `${text.replaceAll('/', '_')}2`),
      ]),
      network: texts.map((text) => denial(text, { reason: text, type: text, path: text, method: text, kind: 'connection' })),
      programs: texts.map((text, index) =>
        program(text, { process: index + 1, argv: [text, text, TERMINAL, TURNED], signal: text, how: 'signal' }),
      ),
      patch: patch.join(''),
      result: all,
    },
    {
      outcome: 'jail-error',
      because: all,
      trajectory: said([...texts, TURNED]),
      findings: [{ rule: all, place: { file: all, line: 1, column: 1 }, action: 'fail', message: all, what: texts, more: 1 }],
    },
  );
}

/** An agent that says these texts wherever its log has a text. */
function said(texts: readonly string[]): Trajectory {
  const steps = texts.map((text, index) => ({
    step_id: index + 1,
    timestamp: text,
    source: 'agent' as const,
    message: text,
    reasoning_content: text,
    tool_calls: [{ tool_call_id: text, function_name: text, arguments: { [text]: text, list: [text] } }],
    observation: { results: [{ source_call_id: text, content: text }, { content: text }] },
  }));
  const all = texts.join(' ');
  const totals = { model: { value: all, source: all } };
  return { schema_version: 'ATIF-v1.7', agent: { name: all, version: all, model_name: all }, steps, extra: { totals } };
}

test('every text of a hostile record is text: no script runs, nothing is asked for', async () => {
  await using server = await beacon();
  const { path } = await hostile(server.url);
  await using opened = await open(browser, path);
  const { page } = opened;
  // Everything that is made when it is asked for.
  await page.getByRole('button', { name: 'Replay' }).click();
  await page.locator('.ap-term').waitFor();
  await page.evaluate('for (const fold of document.querySelectorAll("details")) fold.open = true');
  await page.evaluate('for (const file of document.querySelectorAll("#changes .file")) file.click()');
  await page.locator('#transcript input').fill('<script>');
  await page.locator('#transcript input').press('Enter');
  await page.waitForTimeout(500);
  await screenshot(page, 'hostile');

  expect(await page.evaluate('window.hacked')).toBeUndefined();
  expect(await page.evaluate('location.href')).toBe(`file://${path}`);
  expect(await page.locator('script').count()).toBe(2); // the data, and the page's own
  expect(await page.locator('body :is(img, iframe, link, meta, base, object, embed, title)').count()).toBe(0);
  expect(
    await page.evaluate('[...document.querySelectorAll("*")].flatMap((e) => e.getAttributeNames()).filter((n) => n.startsWith("on"))'),
  ).toEqual([]);
  expect([server.asked, opened.wrong]).toEqual([[], []]);

  // It is all there to be read.
  for (const place of ['header', '#timeline', '#changes', '#transcript', '#trajectory', '#network', '#about'])
    expect(await page.locator(place).textContent()).toContain('onerror="window.hacked=1"');
  expect(await page.locator('#result').textContent()).toContain('</script><script>window.hacked=1</script>');

  // What acts on a terminal or turns text around stands as a sign.
  const text = (await page.locator('header, main > :not(#replay)').allTextContents()).join('\n');
  expect(text).not.toMatch(/[\u202a-\u202e\u2066-\u2069\u200b\x1b\x9b]/);
  expect(text).toContain('safe\\u{202e}gnp.exe\\u{2066}');
  expect(await page.locator('#transcript').textContent()).toContain('␛link␛ ␛ ␛ ␛ ␛');
});

describe('the raw files', () => {
  test('that an agent wrote are no page for the browser', async () => {
    await using server = await beacon();
    const markup = `<!doctype html><html><body><script>window.hacked=1</script><img src="${server.url}/x"></body></html>\n`;
    const { path, dir } = await reportOf({ output: markup, result: markup }, {}, (at: HostPath) =>
      writeFileSync(join(at, 'backend.log'), markup),
    );
    await using opened = await open(browser, path);
    const { page } = opened;
    for (const name of ['transcript.log', 'transcript.txt', 'result.txt', 'backend.log']) {
      await page.goto(`file://${dir}/${name}`).catch(() => {}); // a download is no page
      expect([name, await page.evaluate('window.hacked'), await page.locator('script').count()]).toEqual([name, undefined, 0]);
    }
    expect(server.asked).toEqual([]);
  });
});
