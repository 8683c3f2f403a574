import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compare } from '../../../src/compare/compare.ts';
import { comparisonMarkdown, LARGEST } from '../../../src/compare/markdown.ts';
import { comparisonText } from '../../../src/cli/suite-compare-text.ts';
import type { Comparison } from '../../../src/model/suite.ts';
import { night, same, settings } from './fixture.ts';
import type { Did } from './fixture.ts';

const bad: Did[] = [{ outcome: 'fail', behaviour: { hosts: ['-evil:443'] } }, {}];
const comparison = await compare(
  night('now', 8, { ...same(20, [10, 10]), t07: [0, 10], t08: bad, t09: [] }),
  [night('night 7', 7, same(20, [10, 10])), night('other', 6, same(2, [1, 1]), { suite: 'other' })],
  settings(),
);

describe('the page of a comparison', () => {
  it('says the verdict first, then the worst tasks, drift, baselines', () => {
    const text = comparisonMarkdown(comparison);
    expect(text.split('\n')[0]).toBe('## `sums`: regressed');
    const order = [
      't07: 0 of 10',
      '**Not measured:** `t09`',
      '### Drift',
      '### Tasks',
      '| `t07` | **regressed** |',
      '| `t09` | missing |',
      '| `t01` | steady |',
      '### Baseline',
      '### Not used as baseline',
    ];
    const places = order.map((part) => text.indexOf(part));
    expect(places).not.toContain(-1);
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    expect(text).toContain('- **medium**, new-denied-host, `t08`: `hosts were asked for and denied, and never before`: `-evil:443`');
    expect(text).toContain('| now | 19 | 182 | 171 | 92.1 % |');
    expect(text).toContain('| `t07` | **regressed** | 0/10 (0–28 %) | 10/10 (72–100 %) | 5.4e-6 | 0.0001 |');
  });

  it('fits, and counts what is left out', async () => {
    const name = (at: number): string => `${'long-name-'.repeat(9)}${at}`;
    const tasks = Object.fromEntries(
      Array.from({ length: 600 }, (_, at) => [name(at), [{ behaviour: { hosts: [`+${'x'.repeat(190)}${at}`] } }] as const]),
    );
    const then = Object.fromEntries(Object.keys(tasks).map((task) => [task, [{}]]));
    const text = comparisonMarkdown(await compare(night('now', 8, tasks), [night('then', 7, then)], settings({ permutations: 1 })));
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(LARGEST);
    expect(text).toMatch(/- and 5[0-9]{2} more tasks/);
    expect(text).toMatch(/- and 5[0-9]{2} more lines/);
  });

  it('lets no text out of its code spans, or act on a terminal', () => {
    const hostile = fc.oneof(
      fc.string({ unit: 'binary', minLength: 1, maxLength: 30 }),
      fc.constantFrom('`|<img src=x>', '\u001b[2J\n## x', '@someone', '\u202e](x)', '::error::x', '| a | b |\n'),
    );
    fc.assert(
      fc.property(hostile, (text) => {
        const page = comparisonMarkdown(rename(comparison, text));
        // What is left without code spans is ours: the same for each text.
        expect(page.replace(/`[^`\n]*`/g, '`x`')).toBe(comparisonMarkdown(rename(comparison, 'x')).replace(/`[^`\n]*`/g, '`x`'));
        expect(comparisonText(rename(comparison, text))).not.toMatch(/[^\P{C}\n]/u);
        expect(comparisonText(rename(comparison, text)).split('\n')).toHaveLength(comparisonText(comparison).split('\n').length);
      }),
      { numRuns: 60 },
    );
  });
});

/** Everything that others choose, as `text`. */
function rename(from: Comparison, text: string): Comparison {
  return {
    ...from,
    suite: text,
    because: from.because.map(() => text),
    missing: from.missing.map(() => text),
    refused: from.refused.map(() => ({ name: text, why: text })),
    tasks: from.tasks.map((task) => ({ ...task, task: text })),
    drift: from.drift.map((one) => ({ ...one, task: one.task === null ? null : text, message: text, what: one.what.map(() => text) })),
    baseline: from.baseline && {
      ...from.baseline,
      nights: from.baseline.nights.map((one) => ({ ...one, name: text, started: text, commit: one.commit && text })),
    },
  };
}
