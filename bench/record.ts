// What a step prints, recorded: the rate of `agent-jail run` beside `script` and `tee`. Two sizes each, so that the start is not in it.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CLEAN_ENV } from '../src/system/exec.ts';
import { report } from './support/report.ts';
import { alternate, type Contestant, median, type Samples } from './support/rounds.ts';

const ROOT = join(import.meta.dirname, '..');
const MIB = 1 << 20;
/** MiB. The difference has to take much longer than the start of a jail varies. */
const SIZES = [16, 400] as const;
const NAMES = ['agent-jail run', 'script', 'tee'] as const;

const place = mkdtempSync(join(tmpdir(), 'agent-jail-bench-'));
const work = join(place, 'work');
try {
  mkdirSync(work);
  execFileSync('git', ['init', '--quiet', work], { env: CLEAN_ENV });
  writeFileSync(
    join(place, 'policy.yml'),
    'secrets: { API_KEY: expose }\nlimits: { disk: 256MiB, memory: 512MiB, time: 5m, output: 1GiB }\n',
  );
  const sums = SIZES.map((size) => writeText(size));
  const contestants = SIZES.flatMap((size, index) => [jail(size, sums[index] ?? ''), script(size), tee(size)]);
  const times = alternate(contestants);
  const samples = Object.fromEntries(NAMES.map((name) => [name, rates(name, times)]));
  const middle = (name: (typeof NAMES)[number]): number => median(samples[name] ?? []);
  report('record', {
    title: 'Recording what a step prints',
    about: `\`cat\` of log lines, ${SIZES.join(' and ')} MiB of them: the rate is what the larger takes more. Each writes a file and prints to /dev/null. agent-jail also reads through a pipe of its own, looks for the forms of a secret, keeps a running SHA-256 and an index of times; its transcript has the SHA-256 of the text.`,
    unit: 'MB/s',
    samples,
    raw: times,
    reference: 'script',
    notes: {
      'agent-jail run': '`agent-jail run -- cat FILE`, with a secret to look for',
      script: '`script --quiet --command "cat FILE" OUT`, through a terminal',
      tee: '`cat FILE` into `tee OUT`, which looks at nothing',
    },
    bars: [
      { says: 'agent-jail records at least 1.5 times as fast as `script`', ratio: middle('agent-jail run') / middle('script'), least: 1.5 },
    ],
  });
} finally {
  rmSync(place, { recursive: true, force: true });
}

/** Log lines that do not repeat within 4 MiB. Returns their SHA-256. */
function writeText(size: number): string {
  const lines: string[] = [];
  for (let at = 0, bytes = 0; bytes < 4 * MIB; at += 1) {
    const name = createHash('sha1').update(String(at)).digest('hex');
    const line = `\u001b[32m✓\u001b[0m src/${name.slice(0, 12)}/index.ts: compiled ${at} modules, ${name}\n`;
    lines.push(line);
    bytes += Buffer.byteLength(line);
  }
  const text = Buffer.from(lines.join('')).subarray(0, 4 * MIB);
  const hash = createHash('sha256');
  const fd = openSync(textFile(size), 'w');
  for (let left = size * MIB; left > 0; left -= text.length) {
    writeSync(fd, text);
    hash.update(text);
  }
  closeSync(fd);
  return hash.digest('hex');
}

function jail(size: number, sha256: string): Contestant {
  const out = join(place, 'record');
  const options = ['--policy', join(place, 'policy.yml'), '--out', out] as const;
  return {
    name: `agent-jail run ${size}`,
    argv: [process.execPath, join(ROOT, 'dist/cli.js'), 'run', ...options, '--', 'cat', textFile(size)],
    cwd: work,
    env: { ...CLEAN_ENV, HOME: place, API_KEY: 'sk-live-3f9c1b7e5a2d4806' },
    code: 0,
    after: () => {
      const hash = createHash('sha256')
        .update(readFileSync(join(out, 'transcript.log')))
        .digest('hex');
      if (hash !== sha256) throw new Error(`the transcript of ${size} MiB is not what was printed`);
      rmSync(out, { recursive: true });
    },
  };
}

function script(size: number): Contestant {
  return recorded('script', size, ['script', '--quiet', '--command', `cat ${textFile(size)}`]);
}

function tee(size: number): Contestant {
  return recorded('tee', size, ['sh', '-c', 'cat "$0" | tee "$1"', textFile(size)]);
}

/** A command that takes the file to record into as its last argument. */
function recorded(name: string, size: number, command: readonly [string, ...string[]]): Contestant {
  const out = join(place, 'recording');
  return {
    name: `${name} ${size}`,
    argv: [...command, out],
    cwd: work,
    env: CLEAN_ENV,
    code: 0,
    after: () => {
      if (statSync(out).size < size * MIB) throw new Error(`${name} recorded less than was printed`);
      rmSync(out);
    },
  };
}

/** MB/s (10^6 bytes), round by round. */
function rates(name: string, times: Samples): number[] {
  const [small, large] = SIZES;
  const bytes = (large - small) * MIB;
  return (times[`${name} ${large}`] ?? []).map((ms, round) => Math.round(bytes / 1e3 / (ms - (times[`${name} ${small}`]?.[round] ?? 0))));
}

function textFile(size: number): string {
  return join(work, `text-${size}`);
}
