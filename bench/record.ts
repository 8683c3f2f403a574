// What a step prints, recorded: the rate of `agent-jail run` beside `script` and `tee`, in bytes and in short writes, and the warden's memory.
// Two sizes each, so that the start is not in it.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CLEAN_ENV } from '../src/system/exec.ts';
import { report } from './support/report.ts';
import { alternate, type Contestant, median, type Samples } from './support/rounds.ts';
import { wardenMemory } from './support/warden-memory.ts';

const ROOT = join(import.meta.dirname, '..');
const MIB = 1 << 20;
/** MiB. The difference has to take much longer than the start of a jail varies. */
const SIZES = [16, 400] as const;
const NAMES = ['agent-jail run', 'script', 'tee'] as const;
/** How often a line of 8 bytes is written, each time by a system call. */
const WRITES = [100_000, 2_100_000] as const;
const LINE = '1234567\\n';

/** What is looked for, each in some forty forms. */
const KEYS = Object.fromEntries(
  Array.from({ length: 10 }, (_, at) => [`API_KEY_${at}`, `sk-live-${createHash('sha1').update(`key ${at}`).digest('hex').slice(0, 24)}`]),
);

const place = mkdtempSync(join(tmpdir(), 'agent-jail-bench-'));
const work = join(place, 'work');
try {
  mkdirSync(work);
  execFileSync('git', ['init', '--quiet', work], { env: CLEAN_ENV });
  writeFileSync(
    join(place, 'policy.yml'),
    `secrets: { ${Object.keys(KEYS)
      .map((name) => `${name}: expose`)
      .join(', ')} }\nlimits: { disk: 256MiB, memory: 512MiB, time: 5m, output: 1GiB }\n`,
  );
  const sums = SIZES.map((size) => writeText(size));
  const contestants = SIZES.flatMap((size, index) => {
    const cat = ['cat', textFile(size)] as const;
    return [jail(`${size}`, cat, size * MIB, sums[index]), script(`${size}`, cat, size * MIB), tee(`${size}`, cat, size * MIB)];
  });
  const times = alternate(contestants);
  const samples = Object.fromEntries(NAMES.map((name) => [name, rates(name, times)]));
  const middle = (name: (typeof NAMES)[number]): number => median(samples[name] ?? []);
  report('record', {
    title: 'Recording what a step prints',
    about: `\`cat\` of log lines, ${SIZES.join(' and ')} MiB of them: the rate is what the larger takes more. Each writes a file and prints to /dev/null. agent-jail also reads through a pipe of its own, looks for the forms of ten secrets and for well-known tokens, keeps a running SHA-256 and an index of times; its transcript has the SHA-256 of the text.`,
    unit: 'MB/s',
    samples,
    raw: times,
    reference: 'script',
    notes: {
      'agent-jail run': '`agent-jail run -- cat FILE`, with ten secrets to look for',
      script: '`script --quiet --command "cat FILE" OUT`, through a terminal',
      tee: '`cat FILE` into `tee OUT`, which looks at nothing',
    },
    bars: [
      { says: 'agent-jail records at least 1.5 times as fast as `script`', ratio: middle('agent-jail run') / middle('script'), least: 1.5 },
      { says: 'and at least 150 MB/s', ratio: middle('agent-jail run') / 150, least: 1 },
    ],
  });
  const writers = WRITES.flatMap((count) => [
    jail(`writes ${count}`, writing(count), 8 * count),
    script(`writes ${count}`, writing(count), 8 * count),
    tee(`writes ${count}`, writing(count), 8 * count),
  ]);
  const writeTimes = alternate(writers);
  const perSecond = Object.fromEntries(NAMES.map((name) => [name, writesPerSecond(name, writeTimes)]));
  report('record-writes', {
    title: 'Recording short writes',
    about: `A program that writes a line of 8 bytes ${WRITES.map((count) => count.toLocaleString('en')).join(' and ')} times, with a system call each: the rate is what the larger takes more.`,
    unit: 'writes/s',
    samples: perSecond,
    raw: writeTimes,
    reference: 'script',
    bars: [
      {
        says: 'agent-jail records 250,000 short writes a second',
        ratio: median(perSecond['agent-jail run'] ?? []) / 250_000,
        least: 1,
      },
    ],
  });

  const memory: Record<string, number[]> = {};
  for (const size of SIZES) {
    const run = jail(`${size}`, ['cat', textFile(size)], size * MIB);
    memory[`${size} MiB of lines`] = await peaks(run);
  }
  memory[`${WRITES[1].toLocaleString('en')} short writes`] = await peaks(jail('memory', writing(WRITES[1]), 8 * WRITES[1]));
  report('record-memory', {
    title: 'Memory of the warden while a step prints',
    about:
      'The most memory that the warden of a run had at a time (VmHWM), whatever the step prints. It is a Node process: the start alone takes some fifty.',
    unit: 'MB',
    samples: memory,
    reference: null,
    bars: [
      { says: 'the warden has at most 120 MB at any size of output', ratio: Math.max(...Object.values(memory).map(median)) / 120, most: 1 },
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

type Argv = readonly [string, ...string[]];
function writing(count: number): Argv {
  return ['perl', '-e', `syswrite STDOUT, "${LINE}" for 1 .. ${count}`];
}

/** `bytes`: what has to be in the transcript; `sha256`: what they have to hash to. */
function jail(label: string, command: Argv, bytes: number, sha256?: string): Contestant {
  const out = join(place, 'record');
  const options = ['--policy', join(place, 'policy.yml'), '--out', out] as const;
  return {
    name: `agent-jail run ${label}`,
    argv: [process.execPath, join(ROOT, 'dist/cli.js'), 'run', ...options, '--', ...command],
    cwd: work,
    env: { ...CLEAN_ENV, HOME: place, ...KEYS },
    code: 0,
    after: () => {
      const transcript = readFileSync(join(out, 'transcript.log'));
      if (transcript.length !== bytes) throw new Error(`the transcript of ${label} has ${transcript.length} bytes, not ${bytes}`);
      if (sha256 !== undefined && createHash('sha256').update(transcript).digest('hex') !== sha256)
        throw new Error(`the transcript of ${label} is not what was printed`);
      rmSync(out, { recursive: true });
    },
  };
}

function script(label: string, command: Argv, bytes: number): Contestant {
  return recorded('script', label, ['script', '--quiet', '--command', command.map((word) => `'${word}'`).join(' ')], bytes);
}

function tee(label: string, command: Argv, bytes: number): Contestant {
  return recorded('tee', label, ['sh', '-c', 'out=$1; shift; "$@" | tee "$out"', 'sh'], bytes, command);
}

/** A command that takes the file to record into as an argument, and what `after` it. */
function recorded(name: string, label: string, argv: Argv, bytes: number, after: readonly string[] = []): Contestant {
  const out = join(place, 'recording');
  return {
    name: `${name} ${label}`,
    argv: [...argv, out, ...after],
    cwd: work,
    env: CLEAN_ENV,
    code: 0,
    after: () => {
      if (statSync(out).size < bytes) throw new Error(`${name} recorded less than was printed`);
      rmSync(out);
    },
  };
}

/** Three runs: memory does not depend on who else runs. */
async function peaks(run: Contestant): Promise<number[]> {
  const seen: number[] = [];
  for (let round = 0; round < 3; round += 1) seen.push(await wardenMemory(run));
  return seen;
}

function writesPerSecond(name: string, times: Samples): number[] {
  const [small, large] = WRITES;
  const more = times[`${name} writes ${large}`] ?? [];
  return more.map((ms, round) => Math.round((large - small) / ((ms - (times[`${name} writes ${small}`]?.[round] ?? 0)) / 1000)));
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
