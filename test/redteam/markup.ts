import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Runner } from '../action/support/runner.ts';
import { attacks } from '../browser/attacks.ts';
import { beacon, launch, open } from '../browser/chromium.ts';
import { ENGINE } from '../support/jail.ts';
import type { Backend } from './host.ts';
import { type Judged, looked } from './judge.ts';

/** GitHub's limit for the summary of a step. */
const MOST = 1 << 20;
const PLAIN = 'the-plain-canary';

/** E4: an agent whose files, answer and output are markup, and 2 MiB of a table; the summary, and the report in a real browser. */
export async function markup(backend: Backend): Promise<Judged[]> {
  await using server = await beacon();
  using runner = new Runner();
  Object.assign(runner.env, ENGINE);
  const texts = attacks(server.url);
  const script = [
    "const fs = require('fs'); const texts = JSON.parse(process.env.TEXTS);",
    "for (const [n, text] of texts.entries()) fs.writeFileSync(text.replaceAll('/', '_').slice(0, 200) + n, texts.join('\\n') + '\\n');",
    "fs.writeFileSync(process.env.AGENT_JAIL_RESULT, texts.join('\\n'));",
    `console.log('${PLAIN}'); console.log(texts.join('\\n')); console.log('| a | b |\\n|---|---|\\n' + '| <img src=x> | **b** |\\n'.repeat(90000));`,
  ].join('\n');
  const steps = JSON.stringify([
    { name: texts[0]?.slice(0, 80), shell: 'sh', run: `node - <<'END'\n${script}\nEND`, env: { TEXTS: JSON.stringify(texts) } },
  ]);
  const result = await runner.step({ with: { backend, steps, upload: 'never' } });
  const record = result.outputs['record'] ?? '';
  const ran = result.raw.includes(PLAIN) && result.outputs['changed-files'] === String(texts.length);
  const why = `exit ${result.code}, ${result.outputs['changed-files']} changed: ${result.raw.slice(-400)}`;
  const prose = result.summary
    .replace(/^ {4}.*$/gm, '')
    .replace(/(`+)(?!`)[\s\S]*?[^`]\1(?!`)/g, '')
    .replace(/\\[\\`*_{}[\]()#+.!|<>&-]/g, '');
  const live = ['<script', '<img', '<svg', '<iframe', '<meta', '<base', '<link', '![x](', `](${server.url}`].filter((tag) =>
    prose.includes(tag),
  );
  const size = Buffer.byteLength(result.summary);
  return [
    looked(
      'E4-summary',
      ran && result.summary.includes('window.hacked'),
      live.map((tag) => `${tag} is live`),
      why,
    ),
    looked('E4-size', ran && size > 500, size < MOST ? [] : [`the summary has ${size} bytes`], why),
    ...(ran ? await inBrowser(join(record, 'report.html'), server.asked) : [looked('E4-report', false, [], why)]),
  ];
}

async function inBrowser(path: string, asked: readonly string[]): Promise<Judged[]> {
  const browser = await launch();
  try {
    await using opened = await open(browser, path);
    const { page } = opened;
    await page.evaluate('for (const fold of document.querySelectorAll("details")) fold.open = true');
    await page.evaluate('for (const file of document.querySelectorAll("#changes .file")) file.click()');
    await page.waitForTimeout(500);
    const hacked = (await page.evaluate('window.hacked')) !== undefined;
    const elements = Number(await page.locator('body :is(img, iframe, link, meta, base, object, embed, title)').count());
    const shown = String(await page.evaluate('document.body.textContent'));
    const there = shown.includes('window.hacked=1') && readFileSync(path).length > 10_000;
    return [
      looked('E4-report', there, [...(hacked ? ['a script ran'] : []), ...(elements > 0 ? [`${elements} elements of the agent's`] : [])]),
      looked('E4-beacon', there, [...asked, ...opened.wrong]),
    ];
  } finally {
    await browser.close();
  }
}
