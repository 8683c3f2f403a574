import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Validator } from '@cfworker/json-schema';
import type { Schema } from '@cfworker/json-schema';
import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { SUITE_DIRECTORY, suiteSchemas } from '../../../../scripts/record-schema.ts';
import { suiteReportSchema } from '../../../../src/record/schema-suite.ts';
import { LARGEST_COMMENT, suiteMarkdown } from '../../../../src/report/suite/markdown.ts';
import { suiteJson } from '../../../../src/report/suite/suite-json.ts';
import { ANY_TEXT, comparedOf, comparisonOf, driftOf, inputOf, inputOfText, intervalOf, nightOf, trialOf } from './fixture.ts';

const sections = (markdown: string): readonly string[] => markdown.split('\n').filter((line) => /^#{2,3} /.test(line));
const part = (markdown: string, title: string): string => markdown.split(`### ${title}\n`)[1]?.split('\n### ')[0]?.trim() ?? '';

describe('the summary of a suite', () => {
  test('says the verdict first, then regressions by name, drift, what is missing, tasks, figures', async () => {
    const text = suiteMarkdown(await inputOf({ failures: ['regression: broken'] }));
    expect(sections(text)).toEqual([
      '## ❌ `nightly`: regressed',
      '### Regressions',
      '### Drift of high severity',
      '### Not measured',
      '### Tasks',
      '### Figures',
      '### Other drift',
      '### Baselines that were not used',
      '### Nights',
      '### The run',
    ]);
    expect(text.split('\n').slice(2, 9)).toEqual([
      '- `regression: broken`',
      '- `1 task regressed`',
      '- `1 expected task was not measured`',
      '',
      '-1 points over 3 tasks, p 0.4. The smallest drop that could have been seen: +12 points.',
      '',
      '4 tasks · 3 of 6 measured trials passed · infra 14.3 % · $3.50 · median 1.0 s',
    ]);
    expect(part(text, 'Regressions').split('\n').slice(2)).toEqual(['| `broken` | 0/2 | 4/4 | -100 | 0.031 | 0.04 |']);
    expect(part(text, 'Drift of high severity')).toBe('- **high** new-host, `steady`: `a new host was asked for`: `+evil.example:443`');
    expect(part(text, 'Not measured').split('\n')).toEqual([
      'Trials that are in no rate: 1 infra.',
      '',
      'Expected tasks of which nothing was measured:',
      '',
      '- `absent`',
    ]);
    expect(part(text, 'Tasks').split('\n').slice(2)).toEqual([
      '| `broken` | 0/2 | 13 to 88 % | -100 | regressed | 1.0 s | $1.00 |',
      '| `absent` | 0/0 | - | - |  |  |  |',
      '| `flaky` | 1/2 | 13 to 88 % | -50 | flaky | 1.0 s | $1.50 |',
      '| `steady` | 2/2 | 13 to 88 % | 0 | drift | 1.0 s | $1.00 |',
    ]);
    expect(part(text, 'Figures').split('\n').slice(2)).toEqual([
      '| pass@1 | 60 % | 50 to 70 % |',
      '| pass@2 | 80 % | 70 to 90 % |',
      '| pass^2 | 40 % | 30 to 50 % |',
      '| infra | 14.3 % |  |',
      '| tokens | 700 in, 70 out |  |',
      '| cost | $3.50 of 7 trials that tell it |  |',
    ]);
    expect(part(text, 'Baselines that were not used')).toBe('- `old.ndjson`: `it is of another suite`');
    expect(
      part(text, 'Nights')
        .split('\n')
        .slice(2)
        .map((line) => line.split('|')[1]?.trim()),
    ).toEqual(['`now`', '`night 2`', '`night 1`']);
  });

  test('says so where no drop could have been seen, and where nothing was compared', async () => {
    const blind = comparisonOf({ gate: { difference: 0.051, p: 1, smallestVisible: null, tasks: 1 } as never });
    expect(suiteMarkdown(await inputOf({ comparison: blind }))).toContain(
      '+5.1 points over 1 task, p 1. No drop could have been seen, however large.',
    );
    expect(suiteMarkdown(await inputOf({ comparison: null, nights: [] }))).toMatch(/^## ⚠️ `nightly`: not compared\n/);
  });

  test.each([LARGEST_COMMENT, 200_000, 32_000, 0])(
    'of a large suite has at most %i bytes, each section there, and says what is left out',
    async (most) => {
      const names = Array.from({ length: 3000 }, (_, index) => `task-${'漢'.repeat(70)}-${index}`);
      const current = await nightOf(
        Object.fromEntries(names.map((name) => [name, 2])),
        names.slice(0, 2000).map((name) => trialOf(name, 1, { outcome: 'fail' })),
      );
      const comparison = comparisonOf({
        verdict: 'regressed',
        because: Array(99).fill('漢'.repeat(500)),
        tasks: names.slice(0, 2000).map((name) => comparedOf(name, intervalOf(0, 1), intervalOf(9, 9), { verdict: 'regressed' })),
        drift: names.map((task, index) => driftOf({ task, severity: index % 2 ? 'high' : 'low', what: names.slice(0, 20) })),
        refused: names.map((name) => ({ name, why: name })),
      });
      const text = suiteMarkdown(
        await inputOf({ current, comparison, nights: Array<typeof current>(500).fill(current), failures: [] }),
        most,
      );
      const bound = Math.max(most, 32_000);
      expect(Buffer.byteLength(text)).toBeLessThanOrEqual(bound);
      expect(Buffer.byteLength(text)).toBeGreaterThan(bound * 0.6);
      expect(sections(text).length).toBe(10);
      expect(text.match(/\d+ more lines are left out here; the suite's page and JSON have all\./g)?.length).toBeGreaterThanOrEqual(5);
      expect(part(text, 'The run')).toContain('| suite, SHA-256 | `aaaa');
    },
  );

  test('no text of others is markup', async () => {
    const markup = fc.constantFrom(
      '`',
      '|',
      '<img src=x>',
      '](http://x)',
      '![',
      '@user',
      '#1',
      '\n# ',
      '\n```\n',
      '-->',
      '&lt;',
      '\\',
      '\u202e',
      '\0',
    );
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(markup, ANY_TEXT), { minLength: 1, maxLength: 15 }), async (parts) => {
        const text = parts.join('');
        const wanted = suiteMarkdown(await inputOfText('x'));
        const outside = (of: string): string => of.replace(/`[^`\n]*`|\(empty\)/g, '``');
        // Links of runs and marks of counts are ours; each text of others is one code span, and the rest is as it is of harmless texts.
        expect(outside(suiteMarkdown(await inputOfText(text)))).toBe(outside(wanted));
      }),
      { numRuns: 150 },
    );
  });
});

describe('suite.json', () => {
  test('is what its schema says, by another judge; the committed schema is that of the code (npx node scripts/record-schema.ts makes it)', async () => {
    const schemas = suiteSchemas();
    expect(readdirSync(SUITE_DIRECTORY).sort()).toEqual([...schemas.keys()].sort());
    for (const [name, text] of schemas) expect(JSON.parse(readFileSync(join(SUITE_DIRECTORY, name), 'utf8'))).toEqual(JSON.parse(text));
    const validator = new Validator(JSON.parse(schemas.get('suite-report.schema.json') ?? '') as Schema);
    for (const input of [
      await inputOf(),
      await inputOf({ comparison: null }),
      await inputOf({ figures: { pass1: null, passAtK: [], passHatK: [] } }),
    ]) {
      const report = suiteJson(input);
      expect(v.parse(suiteReportSchema, report)).toEqual(report);
      expect(validator.validate(JSON.parse(JSON.stringify(report)))).toEqual({ valid: true, errors: [] });
    }
    expect(validator.validate({ ...suiteJson(await inputOf()), more: 1 }).valid).toBe(false);
  });

  test('has the figures, tasks in the order of the suite, and the nights', async () => {
    const report = suiteJson(await inputOf());
    expect(report).toMatchObject({
      schema: 'agent-jail/suite-report@1',
      commit: null,
      verdict: { word: 'regressed', kind: 'bad', because: ['1 task regressed', '1 expected task was not measured'] },
      total: { expected: 9, measured: 6, passed: 3, rate: 0.5, costUsd: 3.5 },
      infraRate: 1 / 7,
      missing: ['absent'],
      drift: { high: 1, medium: 0, low: 1 },
      figures: { pass1: { value: 0.6, low: 0.5, high: 0.7 } },
    });
    expect(
      report.tasks.map(({ task, rate, flaky, compared, drift }) => [task, rate, flaky, compared?.p, compared?.verdict, drift.high]),
    ).toEqual([
      ['steady', 1, false, 0.5, 'steady', 1],
      ['broken', 0, false, 0.0312, 'regressed', 0],
      ['flaky', 0.5, true, 0.2, 'steady', 0],
      ['absent', null, false, undefined, undefined, 0],
    ]);
    expect(report.nights.map(({ name, commit, passed }) => [name, commit, passed])).toEqual([
      ['night 1', 'c1', 7],
      ['night 2', 'c2', 7],
    ]);
  });
});
