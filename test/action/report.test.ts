import { execFileSync, spawnSync } from 'node:child_process';
import { appendFileSync, readdirSync, readFileSync, rmSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeVerdict } from '../../src/run/verdict.ts';
import { deriveAll, ID, makeRecord } from '../unit/record/fixture.ts';
import type { Content } from '../unit/record/fixture.ts';
import { CLI, NODE, temporary } from '../support/jail.ts';

/** A judged record. */
async function judged(content: Content = {}): Promise<string> {
  const { dir, outputs } = makeRecord({ output: 'one\n\x1b[31mtwo\x1b[0m\n\x1b]52;c;aGk=\x07three\n', ...content });
  await makeVerdict({ kind: 'verdict', id: ID, record: dir, outputs, secrets: {}, mask: [] }, deriveAll);
  return dir;
}
const report = (...args: string[]) => spawnSync(NODE, [CLI, 'report', ...args], { encoding: 'utf8' });
const contents = (dir: string) => readdirSync(dir).map((name) => [name, readFileSync(join(dir, name), 'latin1')]);

describe('agent-jail report', () => {
  it('makes what a run makes, beside the record, and leaves the record as it is', async () => {
    using place = temporary();
    const record = await judged();
    const before = contents(record);
    const out = join(place.path, 'again');
    expect(report(record, '--out', out)).toMatchObject({ status: 0, stdout: `${out}/report.html\n`, stderr: '' });
    expect(contents(record)).toEqual(before);
    expect(readdirSync(out).sort()).toEqual([
      'findings.sarif',
      'report.html',
      'summary.md',
      'trajectory.json',
      'transcript.cast',
      'transcript.txt',
    ]);
    for (const name of ['findings.sarif', 'summary.md', 'trajectory.json', 'transcript.cast', 'transcript.txt'])
      expect(readFileSync(join(out, name))).toEqual(readFileSync(join(record, name)));
    const html = readFileSync(join(out, 'report.html'), 'utf8');
    expect(html).toMatch(/^<!doctype html>[^]*Content-Security-Policy[^]*"outcome":"succeeded"/);
    // Its links lead to the record.
    const base = /"base":"([^"]*)"/.exec(html)?.[1] ?? '';
    expect(join(out, decodeURIComponent(base))).toBe(`${record}/`);
  });

  it('goes to DIR.report, once', async () => {
    const record = await judged();
    try {
      expect(report(record).stdout).toBe(`${record}.report/report.html\n`);
      expect(report(record)).toMatchObject({ status: 2, stderr: expect.stringContaining('it is there already') });
    } finally {
      rmSync(`${record}.report`, { recursive: true, force: true });
    }
  });

  it('says what a record is worth, as verify does', async () => {
    using place = temporary();
    const broken = await judged();
    appendFileSync(join(broken, 'result.txt'), 'forged');
    expect(report(broken, '--out', join(place.path, 'a'))).toMatchObject({
      status: 3,
      stderr: expect.stringContaining('the record is broken'),
    });
    const { dir } = makeRecord({ sealed: false });
    expect(report(dir, '--out', join(place.path, 'b'), '--json')).toMatchObject({ status: 4, stderr: expect.stringContaining('cut-off') });
    expect(readFileSync(join(place.path, 'b/report.html'), 'utf8')).toContain('the run was cut off before its verdict');
    truncateSync(join(dir, 'run.json'));
    expect(report(dir, '--out', join(place.path, 'c'))).toMatchObject({ status: 2, stderr: expect.stringContaining('run.json: is empty') });
  });

  it('makes an asciicast of version 3 where that is asked for', async () => {
    using place = temporary();
    const out = join(place.path, 'out');
    expect(report(await judged(), '--out', out, '--cast', 'v3').status).toBe(0);
    const lines = readFileSync(join(out, 'transcript.cast'), 'utf8').trimEnd().split('\n');
    expect([JSON.parse(lines[0] ?? ''), JSON.parse(lines.at(-1) ?? '')]).toMatchObject([{ version: 3 }, [0, 'x', '0']]);
  });
});

describe('transcript.cast', () => {
  it('replays in `asciinema play`, and does nothing but draw', async () => {
    const cast = join(await judged(), 'transcript.cast');
    // It wants a terminal of its own.
    const play = ['--quiet', '--return', '--command', `asciinema play --speed 100 '${cast}'`, '/dev/null'];
    const seen = execFileSync('script', play, { encoding: 'utf8', input: '', timeout: 30_000 });
    expect(seen).toContain('one\r\n\x1b[31mtwo\x1b[0m\r\n␛three\r\n');
    expect(seen).not.toContain('52;c');
  });
});
