import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Trial } from '../../../src/model/suite.ts';
import { CLI, ENGINE, NODE, temporary } from '../../support/jail.ts';
import { settled, snapshot } from '../../support/machine.ts';
import { files, LIMITS, results } from '../../support/suite.ts';

/**
 * Tells all that a jail can see of another one that was there before it, and leaves as much as it can: files at every place that it may
 * write to, a process that does not end, and directories of the workspace turned into links.
 */
const AGENT = String.raw`
for file in /tmp/mark /dev/shm/mark /var/tmp/mark "$HOME/mark" "$AGENT_JAIL_RESULT" ./mark ./sub/link/mark; do
  if [ -s "$file" ]; then echo "found $file"; fi
  echo "I was here" > "$file" 2>/dev/null || true
done
echo "processes $(ls /proc | grep -c '^[0-9]')"
ls -A / /tmp /run /run/agent-jail "$HOME" /dev
awk '{ for (i = 7; i <= NF; i++) if ($i == "-") print $5, $6, $(i + 1) }' /proc/self/mountinfo | sort
cat /proc/self/limits
rm -rf sub/link; ln -s /etc sub/link; mkfifo sub/pipe; exec 9<> sub/pipe
setsid sleep 300 > /dev/null 2>&1 &
mv sub moved; ln -s /proc sub
sleep 0.5
`;
const suiteOf = (trials: number): string => `policy: { ${LIMITS}, guards: { changes: { forbid: [] } } }
trials: ${trials}
agents: { one: { run: ${JSON.stringify(AGENT)} } }
verifier: { run: 'sleep 0.3; test -L sub && test -p moved/pipe && test ! -e /tmp/mark' }
tasks:
  - { id: a, instruction: do, directory: start }
`;

/** The wardens that live, by the machine's own ids. A process that one is just starting looks like it, but has another parent. */
function wardens(): number[] {
  return readdirSync('/proc').flatMap((name) => {
    try {
      const words = readFileSync(`/proc/${name}/cmdline`, 'utf8').split('\0');
      if (
        !words.some((word) => word.endsWith('/warden.cjs')) ||
        words.includes('sweep') ||
        basename(readlinkSync(`/proc/${name}/exe`)) !== 'node'
      )
        return [];
      const parent = /^PPid:\t(\d+)$/m.exec(readFileSync(`/proc/${name}/status`, 'utf8'))?.[1] ?? '';
      return basename(readlinkSync(`/proc/${parent}/exe`)) === 'unshare' ? [Number(name)] : [];
    } catch {
      return []; // no process, or one that has just ended
    }
  });
}

interface Watched {
  readonly code: number | null;
  readonly seen: ReadonlySet<number>;
  readonly trials: readonly Trial[];
}
/** Runs the suite one trial at a time, and sees which wardens there are meanwhile. `strike` may kill one; null: it was not time yet. */
async function watched(at: string, backend: string, trials: number, strike: (pid: number) => boolean = () => true): Promise<Watched> {
  files(at, { 'suite.yml': suiteOf(trials), 'start/sub/link/x.txt': 'x\n' });
  const others = new Set(wardens());
  const child = spawn(NODE, [CLI, 'suite', 'run', 'suite.yml', '--jobs', '1', '--backend', backend, '--out', 'out'], {
    cwd: at,
    env: { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '/root', ...ENGINE },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const seen = new Set<number>();
  let struck = false;
  const timer = setInterval(() => {
    for (const pid of wardens().filter((one) => !others.has(one))) {
      seen.add(pid);
      struck ||= strike(pid);
    }
  }, 20);
  const [code] = (await once(child, 'close')) as [number | null];
  clearInterval(timer);
  return { code, seen, trials: results(join(at, 'out'), said).trials };
}

describe.each(['nspawn', 'docker'])('a warden of %s that is asked for several runs', (backend) => {
  test('shows each of them what a new one would, and leaves nothing', async () => {
    using place = temporary();
    const before = snapshot();
    const { code, seen, trials } = await watched(place.path, backend, 4);
    expect(trials.map(({ outcome, because }) => [outcome, because])).toEqual(Array.from({ length: 4 }, () => ['pass', expect.any(String)]));
    expect([code, seen.size]).toEqual([0, 1]);
    const texts = trials.map(({ record }) => readFileSync(join(place.path, 'out', record ?? '', 'agent/transcript.log'), 'utf8'));
    expect(texts[0]).toContain('processes ');
    expect(texts[0]).not.toContain('found ');
    for (const text of texts.slice(1)) expect(text).toBe(texts[0]);
    const facts = trials.map(({ record }) => {
      const { proof, layers, notices } = JSON.parse(readFileSync(join(place.path, 'out', record ?? '', 'agent/run.json'), 'utf8'));
      const proved = proof.map(
        ({ property, seen }: { property: string; seen: string }) =>
          `${property}: ${seen.replaceAll(/[0-9a-f]{64}|\d{5,}|agent-jail-\w+/gi, '#')}`,
      );
      return { proved, layers, notices };
    });
    for (const fact of facts.slice(1)) expect(fact).toEqual(facts[0]);
    expect(await settled(before)).toEqual([]);
  });

  test('that is killed has a new one take its place for the runs to come', async () => {
    using place = temporary();
    const before = snapshot();
    const { seen, trials } = await watched(place.path, backend, 3, (pid) => {
      const transcript = statSync(join(place.path, 'out/trials/a/2/agent/transcript.log'), { throwIfNoEntry: false });
      return (transcript?.size ?? 0) > 0 && process.kill(pid, 'SIGKILL');
    });
    expect(trials.map(({ trial }) => trial)).toEqual([1, 2, 3]);
    const [first, second, third] = trials.map(({ outcome, what }) => [outcome, what]);
    expect([first, third]).toEqual([
      ['pass', null],
      ['pass', null],
    ]);
    expect(second).toEqual(['infra', 'jail']);
    expect(seen.size).toBe(2);
    expect(await settled(before)).toEqual([]);
  });
});
