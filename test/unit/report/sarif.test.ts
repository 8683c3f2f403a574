import { describe, expect, test } from 'vitest';
import type { Finding } from '../../../src/model/changes.ts';
import { placeInWorkspace, sarif } from '../../../src/report/sarif.ts';
import { annotationsOf } from '../../../src/action/findings.ts';
import { PLACE, runWith } from '../record/fixture.ts';

const run = runWith();
const finding = (more: Partial<Finding>): Finding => ({
  rule: 'guards.changes.deny',
  place: PLACE,
  action: 'fail',
  message: '1 changed path denied',
  what: ['a'],
  more: 0,
  ...more,
});
interface Result {
  readonly ruleId: string;
  readonly ruleIndex: number;
  readonly level: string;
  readonly message: { readonly text: string };
  readonly locations: readonly object[];
  readonly partialFingerprints: Readonly<Record<string, string>>;
}
const logOf = (...findings: Finding[]) =>
  sarif({ run, findings }) as { runs: [{ tool: { driver: { rules: { id: string }[] } }; results: Result[] }] };
const resultsOf = (...findings: Finding[]) => logOf(...findings).runs[0].results;
const location = (uri: string, startLine?: number) => ({
  physicalLocation: { artifactLocation: { uri, uriBaseId: 'SRCROOT' }, ...(startLine === undefined ? {} : { region: { startLine } }) },
});

describe('findings.sarif', () => {
  test('has one result a file, at its first changed line', () => {
    const at = [
      { path: 'src/a b#.ts', line: 7 },
      { path: 'é', line: null },
    ];
    expect(resultsOf(finding({ at }))).toEqual([
      expect.objectContaining({ level: 'error', ruleId: 'guards.changes.deny', ruleIndex: 0, locations: [location('src/a%20b%23.ts', 7)] }),
      expect.objectContaining({ locations: [location('%C3%A9')] }),
    ]);
  });

  test('a finding about no file stands at its rule, where that is in the workspace', () => {
    const places = [
      PLACE,
      { ...PLACE, file: `${run.workspace}/.github/jail.yml` },
      { ...PLACE, file: '/etc/x.yml' },
      { ...PLACE, file: 'input policy' },
      null,
    ];
    const all = resultsOf(...places.map((place) => finding({ action: 'review', place, what: ['x', 'y'], more: 3 })));
    expect(all.map(({ locations }) => locations)).toEqual([
      [location(PLACE.file, PLACE.line)],
      [location('.github/jail.yml', PLACE.line)],
      [],
      [],
      [],
    ]);
    expect(all[0]).toMatchObject({ level: 'warning', message: { text: '1 changed path denied: x, y, and 3 more (guards.changes.deny)' } });
  });

  test.each([
    ['D:/a/repo/.github/jail.yml', { file: '.github/jail.yml', line: PLACE.line }],
    ['C:/a/repo/jail.yml', null],
    ['d:x', { file: 'd:x', line: PLACE.line }],
  ])('a rule in %s of a run from Windows stands in its workspace: %o', (file, wanted) => {
    expect(placeInWorkspace(finding({ place: { ...PLACE, file } }), '/d/a/repo')).toEqual(wanted);
  });

  test('each rule stands once, and results refer to it', () => {
    const findings = ['a', 'b', 'a'].map((rule) => finding({ rule }));
    expect(logOf(...findings).runs[0].tool.driver.rules.map(({ id }) => id)).toEqual(['a', 'b']);
    expect(resultsOf(...findings).map(({ ruleIndex }) => ruleIndex)).toEqual([0, 1, 0]);
  });

  test('of no finding there is a log without results: that is how code scanning closes an alert', () => {
    expect(resultsOf()).toEqual([]);
  });

  test('the same finding of another run has the same fingerprint, another file another one', () => {
    const of = (path: string, line: number) => resultsOf(finding({ at: [{ path, line }] }))[0]?.partialFingerprints;
    expect(of('a', 1)).toEqual(of('a', 9));
    expect(of('a', 1)).not.toEqual(of('b', 1));
  });
});

describe('annotations', () => {
  test('stand where the results do', () => {
    const findings = [
      finding({
        at: [
          { path: 'a', line: 3 },
          { path: 'b', line: null },
        ],
      }),
      finding({ action: 'review', rule: 'r' }),
    ];
    const text = '1 changed path denied (guards.changes.deny)';
    expect(annotationsOf(findings, run.workspace, false)).toEqual([
      { kind: 'error', text, file: 'a', line: 3 },
      { kind: 'error', text, file: 'b', line: null },
      { kind: 'warning', text: '1 changed path denied (r)', file: PLACE.file, line: PLACE.line },
    ]);
  });

  test('quiet: no name that an agent gave', () => {
    const findings = [finding({ at: [{ path: 'a', line: 3 }] })];
    expect(annotationsOf(findings, run.workspace, true)).toMatchObject([{ file: PLACE.file, line: PLACE.line }]);
  });

  test('nine of a kind: the runner keeps ten, and the verdict is one', () => {
    const at = Array.from({ length: 20 }, (_, n) => ({ path: `f${n}`, line: 1 }));
    const all = annotationsOf([finding({ at, action: 'review' }), finding({ at })], run.workspace, false);
    expect(all.map(({ kind }) => kind)).toEqual([...Array(9).fill('error'), ...Array(9).fill('warning')]);
  });
});
