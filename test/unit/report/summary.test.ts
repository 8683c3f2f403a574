import { truncateSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Finding } from '../../../src/model/changes.ts';
import type { RunDocument } from '../../../src/model/record.ts';
import { openRecordDir } from '../../../src/record/read.ts';
import { bytes, inlineCode, inlineShown, table, time } from '../../../src/report/markdown.ts';
import { LARGEST, summary } from '../../../src/report/summary.ts';
import { added, bytesOf, deleted, denial, digestOf, makeRecord, modified, PLACE, program, renamed, STEP } from '../record/fixture.ts';
import type { Content } from '../record/fixture.ts';

interface Wish extends Content {
  readonly findings?: readonly Finding[];
  readonly because?: string;
}
async function summaryOf({ findings = [], because = 'every step ended with 0', ...content }: Wish): Promise<string> {
  const { dir, run, manifest } = makeRecord(content);
  return await summary({ run, findings, outcome: 'succeeded', because, manifest, trajectory: null, record: openRecordDir(dir) });
}
/** Markdown without its code spans: CommonMark's rule, a span ends at the next run of as many backticks. */
function outsideSpans(markdown: string): string {
  return markdown.replace(/(?<!`)(`+)(?!`)([^\n]*?[^`\n])\1(?!`)/g, '');
}

describe('inlineCode', () => {
  test.each([
    ['src/a.ts', '`src/a.ts`'],
    ['a`b``c', '`a\\x60b\\x60\\x60c`'],
    ['a|b', '`a\\x7cb`'],
    ['<img src=x>&amp;', '`\\x3cimg src=x\\x3e\\x26amp;`'],
    ['line\nbreak\r\n', '`line\\x0abreak\\x0d\\x0a`'],
    ['\u202Egnp.exe', '`\\u{202e}gnp.exe`'],
    [' a ', '`\\x20a\\x20`'],
    ['back\\', '`back\\\\`'],
    ['', '(empty)'],
  ])('%j', (text, markdown) => expect(inlineCode(text)).toBe(markdown));

  test('is one code span, whatever the text', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', minLength: 1, maxLength: 300 }),
        fc.constantFrom('', '`', '``', '|', '](x)'),
        (text, tail) => {
          for (const markdown of [inlineCode(text + tail), inlineShown(text + tail)]) {
            expect(markdown).toMatch(/^`[^`|<>&\p{Cc}\p{Cf}\p{Cs}]+`$/u);
            expect(markdown).not.toMatch(/^` | `$/);
          }
        },
      ),
      { numRuns: 2000 },
    );
  });

  test('what is in its escaped form already is not escaped again', () => expect(inlineShown('a\\xff\\\\`')).toBe('`a\\xff\\\\\\x60`'));
});

test.each([
  [bytes(0), '0 B'],
  [bytes(1023), '1023 B'],
  [bytes(1536), '1.5 KiB'],
  [bytes(2 ** 40), '1.0 TiB'],
  [time(850.4), '850 ms'],
  [time(12_345), '12.3 s'],
  [time(250_000), '4 min 10 s'],
  [table(['a'], []).length, 0],
])('%s is %s', (shown, wanted) => expect(shown).toBe(wanted));

describe('summary', () => {
  test('tells the outcome, steps, findings, changes, denied hosts, limits and where the record is', async () => {
    const text = await summaryOf({
      changes: [
        added('src/new.ts', { flags: ['runs-later'] }),
        modified('b'),
        deleted('c'),
        renamed('d', 'e'),
        added('x', { layer: 'home' }),
        added('z', { flags: ['ignored'] }),
      ],
      network: [
        denial('evil.example'),
        denial('evil.example'),
        denial('b.example', { port: 443 }),
        ...[2000, 3000].map((bytesOut) =>
          denial('good.example', { kind: 'connection', port: 443, verdict: 'allowed', bytesIn: 500, bytesOut }),
        ),
        denial('good.example', { kind: 'request', port: 443, verdict: 'allowed', bytesIn: 500, bytesOut: 900 }),
        denial('good.example', { verdict: 'allowed' }),
      ],
      findings: [
        { rule: 'guards.changes.deny', place: PLACE, action: 'fail', message: '1 changed path denied', what: ['c\\xff'], more: 3 },
      ],
      programs: ['/bin/sh', '/usr/bin/git', null, '/usr/bin/git'].map((name) => program(name)),
      run: {
        programs: { source: 'tracefs', processes: 9, programs: 5, omitted: 2, lost: 1 },
        steps: [
          STEP,
          { ...STEP, name: 'second', exit: { code: 7, signal: null, hit: ['disk'], ms: 1200, bytes: 2048 } },
          { ...STEP, name: 'third', started: null, exit: null },
        ],
      },
    });
    for (const part of [
      '## agent-jail: succeeded\n\n`every step ended with 0`',
      '| 2 | `second` | exit code 7 | disk | 1.2 s | 2.0 KiB |',
      '| 3 | `third` | not started |  |  |  |',
      '- **fail** `guards.changes.deny` (`policy.yml:3`): `1 changed path denied`\n  - `c\\xff`\n  - and 3 more',
      '| workspace | 2 | 1 | 1 | 1 | 0 | 1 |',
      '| home | 1 | 0 | 0 | 0 | 0 | 0 |',
      '| added | `src/new.ts` | runs-later |',
      '| renamed | `d` to `e` |  |',
      '| `evil.example:53` | 2 |',
      '| `good.example:443` | 2 | 1000 B | 4.9 KiB |',
      '3 denied in all.',
      '5 programs in 9 processes.',
      '| `/usr/bin/git` | 2 |\n| `/bin/sh` | 1 |',
      '1 event lost: a program may be missing.',
      '| memory | 976.6 KiB | 999 B |  |',
      '| policy from | base, `ci/jail.yml` |',
      `| policy, SHA-256 | \`${digestOf('policy')}\` |`,
      '| exact | yes |',
    ]) {
      expect(text).toContain(part);
    }
    expect(text).toMatch(/\| directory \| `\/[^`]*agent-jail-record-/);
    expect(text).toMatch(/\| manifest, SHA-256 \| `[0-9a-f]{64}` \|/);
    expect(text).not.toContain('`z`');
  });

  test('the first 50 paths, and how many more', async () => {
    const text = await summaryOf({ changes: Array.from({ length: 60 }, (_, index) => added(`f${String(index).padStart(2, '0')}`)) });
    expect(text).toContain('`f49`');
    expect(text).not.toContain('`f50`');
    expect(text).toContain('and 10 more paths.');
  });

  test('what is missing or broken is said', async () => {
    const { dir, run } = makeRecord({ sealed: false });
    truncateSync(join(dir, 'changes.ndjson'), 0);
    const record = openRecordDir(dir);
    const text = await summary({
      run: { ...run, exact: false, programs: { source: 'none', why: 'no `tracefs`' } },
      findings: [],
      outcome: 'jail-error',
      because: 'x',
      trajectory: null,
      manifest: null,
      record,
    });
    expect(text).toContain('Nothing was changed, as far as the record goes.');
    expect(text).toContain('| manifest, SHA-256 | not sealed |');
    expect(text).toContain('### Programs\n\nNot known: `no \\x60tracefs\\x60`');
    expect(text).toContain('| exact | no: something that holds a secret was withheld |');
  });

  test('at most 64 KiB, every section there', async () => {
    const wide = '中`'.repeat(300);
    const many = <T>(count: number, make: (index: number) => T): T[] => Array.from({ length: count }, (_, index) => make(index));
    const text = await summaryOf({
      because: wide,
      changes: many(200, (index) => added(`${wide}${String(index).padStart(3, '0')}`)),
      network: many(200, (index) => denial(`${wide}${index}`)),
      findings: many(100, () => ({
        rule: wide,
        place: PLACE,
        action: 'fail' as const,
        message: wide,
        what: many(20, () => wide),
        more: 5,
      })),
      run: { steps: many(200, () => ({ ...STEP, name: wide })), notices: many(100, () => wide) },
    });
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(LARGEST);
    expect(Buffer.byteLength(text)).toBeGreaterThan(LARGEST / 2);
    for (const title of ['Steps', 'Guards', 'Changes', 'Network', 'Notices', 'Limits', 'Record']) expect(text).toContain(`### ${title}\n`);
    expect(text).toMatch(/\d+ more lines are left out here/);
  });

  test('no text of others is markup', { timeout: 60_000 }, async () => {
    const hostile = fc.oneof(
      fc.string({ unit: 'binary', minLength: 1, maxLength: 60 }),
      fc.constantFrom(
        '`',
        '``` \n# x',
        '|',
        '@someone',
        '![x](http://a.example/beacon.png)',
        '[x](javascript:alert(1))',
        '<script>alert(1)</script>',
        '<!--',
        '\n\n## x',
        '\u202Etxt',
        'https://evil.example',
        '$`x`$',
        '&lt;',
        '\\`',
        ' ` ',
        '::error::x',
        '\u001b]8;;http://x\u0007',
      ),
    );
    const name = hostile
      .map((text) => text.replaceAll('\0', '').replaceAll('/', '_'))
      .filter((text) => text.isWellFormed() && !/^\.{0,2}$/.test(text));
    const clean = outsideSpans(await summaryOf(plain('x', 'x')));
    await fc.assert(
      fc.asyncProperty(hostile, name, async (text, path) => {
        // What is left outside code spans does not depend on the text at all.
        expect(outsideSpans(await summaryOf(plain(text, path)))).toBe(clean);
      }),
      { numRuns: 150 },
    );
  });
});

/** Everything that others choose, set to one text. */
function plain(text: string, path: string): Wish {
  const run: Partial<RunDocument> = {
    steps: [{ ...STEP, name: text, exit: { code: null, signal: text, hit: [], ms: 1, bytes: 1 } }],
    notices: [text],
    backend: { name: 'nspawn', version: text, why: text },
    source: { kind: 'file', file: text },
  };
  return {
    run,
    because: text,
    findings: [{ rule: text, place: { file: text, line: 1, column: 1 }, action: 'review', message: text, what: [text], more: 0 }],
    changes: [added(path), { ...renamed('a', 'b'), path: bytesOf(path), from: bytesOf(path) } as ReturnType<typeof renamed>],
    network: [denial(text)],
    programs: [program(text, { argv: [text], signal: text })],
  };
}
