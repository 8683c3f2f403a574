import { appendFileSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { type Bench, type Case, shows } from './bench.ts';
import { changes } from './guards.ts';

/** One path for each flag but `secret`, `base-changed` and `filtered`. */
const FLAGGED: Readonly<Record<string, string>> = {
  'runs-later': 'package.json',
  setuid: 'set',
  special: 'pipe',
  'escaping-link': 'out',
  binary: 'bytes',
  ignored: 'build/x',
  'git-dir': '.git/x',
  'odd-name': '-odd',
  lockfile: 'Cargo.lock',
  generated: 'a.min.js',
  noise: 'home: .cache/x',
};
const MAKE_FLAGGED = `echo '{}' > package.json; echo s > set; chmod 4755 set; mkfifo pipe; ln -s /etc/passwd out
printf 'a\\0b' > bytes; mkdir build; echo x > build/x; echo x > .git/x; echo o > ./-odd
echo l > Cargo.lock; echo g > a.min.js; mkdir ~/.cache; echo n > ~/.cache/x`;

/** Changes the work tree of the host while the step waits. */
async function whileItRuns(on: Bench, policy: string): Promise<string> {
  const records = new Set(readdirSync(on.place));
  const file = join(on.work, 'src/b.txt');
  const before = readFileSync(file, 'utf8');
  const running = on.ends(policy, 'echo ready; sleep 1; echo more >> src/b.txt; cat src/b.txt');
  const ready = (): boolean =>
    readdirSync(on.place).some((name) => {
      if (!name.startsWith('record-') || records.has(name)) return false;
      try {
        return readFileSync(join(on.place, name, 'transcript.log'), 'utf8').includes('ready');
      } catch {
        return false;
      }
    });
  for (let n = 0; n < 500 && !ready(); n += 1) await new Promise((resolve) => setTimeout(resolve, 10));
  appendFileSync(file, 'changed meanwhile\n');
  const ended = await running;
  writeFileSync(file, before);
  return ended;
}

export const FLAGS: readonly Case[] = [
  shows(['record.streams=merged', 'record.streams=split'], async (on) => {
    const script =
      'for i in 1 2 3; do echo out $i; sleep 0.05; echo err $i >&2; sleep 0.05; done; [ /dev/stdout -ef /dev/stderr ] && echo one';
    const seen = async (streams: string) => {
      const ran = await on.run(`record: { streams: ${streams} }`, script);
      const outputs = ran.ndjson('transcript.ndjson').filter(({ kind }) => kind === 'output');
      const text = (stream: unknown): string =>
        outputs
          .map((line) =>
            line['stream'] === stream ? ran.transcript.slice(Number(line['offset']), Number(line['offset']) + Number(line['length'])) : '',
          )
          .join('');
      return {
        transcript: ran.transcript,
        streams: Object.fromEntries([...new Set(outputs.map(({ stream }) => stream))].map((one) => [one, text(one)])),
      };
    };
    const both = 'out 1\nerr 1\nout 2\nerr 2\nout 3\nerr 3\n';
    expect(await seen('merged')).toEqual({ transcript: `${both}one\n`, streams: { merged: `${both}one\n` } });
    expect(await seen('split')).toEqual({
      transcript: both,
      streams: { stdout: 'out 1\nout 2\nout 3\n', stderr: 'err 1\nerr 2\nerr 3\n' },
    });
  }),
  shows('record.touched', async (on) => {
    const script = 'touch -d 2001-01-01 a.txt; cp -p src/b.txt x; mv x src/b.txt';
    const seen = async (policy: string) =>
      (await on.run(policy, script)).ndjson('changes.ndjson').map(({ op, path }) => `${String(op)} ${String(path)}`);
    expect(await seen('record: { touched: false }')).toEqual([]);
    expect(await seen('record: { touched: true }')).toEqual(['touched a.txt']);
    // No guard, no count.
    const ran = await on.run('record: { touched: true }\nguards: { changes: { deny: ["*"] } }', script);
    expect([ran.verdict.outcome, ran.run.counts.changed]).toEqual(['succeeded', 0]);
  }),
  ...Object.entries(FLAGGED).map(([flag, path]) =>
    shows(`guards.changes.forbid[]=${flag}`, async (on) => {
      const none = await on.once(changes('forbid: []'), MAKE_FLAGGED);
      expect(none.verdict.outcome).toBe('succeeded');
      const ran = await on.run(changes(`forbid: [${flag}]`), MAKE_FLAGGED);
      expect(ran.verdict.outcome, ran.verdict.because).toBe('guard-failed');
      expect(ran.verdict.findings.flatMap(({ what }) => what).join(' ')).toContain(`${path} (${flag}`);
      // And nothing else: the other flags are not forbidden here. Some say why.
      expect(ran.verdict.findings.flatMap(({ what }) => what).every((what) => new RegExp(`\\(${flag}(?:: [^()]+)?\\)$`).test(what))).toBe(
        true,
      );
    }),
  ),
  shows('guards.changes.forbid[]=secret', async (on) => {
    const env = { TOKEN: 'the-value-of-it' };
    const ends = async (rule: string) => on.ends(`secrets: { TOKEN: expose }\n${changes(rule)}`, 'echo "$TOKEN" > leaked', { env });
    expect(await ends('forbid: []')).toMatch(/^succeeded: /);
    expect(await ends('forbid: [secret]')).toMatch(/^guard-failed: guards\.changes\.forbid: /);
  }),
  shows('guards.changes.forbid[]=base-changed', async (on) => {
    expect(await whileItRuns(on, changes('forbid: []'))).toMatch(/^succeeded: /);
    expect(await whileItRuns(on, changes('forbid: [base-changed]'))).toMatch(/^guard-failed: guards\.changes\.forbid: /);
  }),
  shows('guards.changes.forbid[]=filtered', async (on) => {
    const attributes = join(on.work, '.gitattributes');
    writeFileSync(attributes, '*.large filter=lfs\n');
    try {
      expect(await on.ends(changes('forbid: []'), 'echo x > a.large')).toMatch(/^succeeded: /);
      expect(await on.ends(changes('forbid: [filtered]'), 'echo x > a.large')).toMatch(/^guard-failed: guards\.changes\.forbid: /);
    } finally {
      rmSync(attributes);
    }
  }),
];
