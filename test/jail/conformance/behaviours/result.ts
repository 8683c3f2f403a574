import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cli, record } from '../../../support/jail.ts';
import type { Backend } from '../bench.ts';
import { answer, checksOf, differing, stepsText, type Topic } from './topic.ts';

const LIMITS = { disk: '64MiB', memory: '512MiB', processes: 200, files: 10_000, time: '1m' };

/** A run of a topic on a backend. */
export type Result = Awaited<ReturnType<typeof runTopic>>;

/** `at`: a directory with the repository `work` in it. */
export async function runTopic(topic: Topic, backend: Backend | 'chroot', at: string) {
  const out = mkdtempSync(join(at, 'record-'));
  const files = { policy: join(at, `${out.slice(-6)}-policy.yml`), steps: join(at, `${out.slice(-6)}-steps.yml`) };
  const { limits, ...policy } = topic.policy ?? {};
  writeFileSync(
    files.policy,
    JSON.stringify({
      ...of(backend, policy),
      limits: { ...LIMITS, ...(limits as object | undefined), ...(backend === 'vm' ? { time: '5m' } : {}) },
    }),
  );
  writeFileSync(files.steps, stepsText(topic));
  const args = ['run', '--backend', backend, '--policy', files.policy, '--steps', files.steps, '--out', out];
  const ran = await cli(args, { cwd: join(at, 'work'), ...(topic.env === undefined ? {} : { env: topic.env }) });
  if (ran.stderr.includes('usage-error') || ran.code === 2) throw new Error(ran.stderr);
  const text = (file: string): string => readFileSync(join(out, file), 'utf8');
  return { ...ran, ...record(out), text, out, backend };
}

/** There may be no KVM: a virtual machine is emulated then, and slow. */
const of = (backend: Backend | 'chroot', policy: Readonly<Record<string, unknown>>) => ({
  ...policy,
  jail: { toolchain: 'none', ...(policy['jail'] as object | undefined), ...(backend === 'vm' ? { vm: { emulation: 'allow' } } : {}) },
});

/** All that may differ between two runs of the same on two backends. */
export const IGNORED: Readonly<Record<string, { readonly pattern: RegExp; readonly by: string }>> = {
  mtime: { pattern: /"mtime":\d+/g, by: '"mtime":0' },
  'run id': { pattern: /\b[0-9A-HJKMNP-TV-Z]{26}\b/g, by: '<id>' },
  'backend name': { pattern: /\b(nspawn|docker|vm|chroot)\b/g, by: '<backend>' },
};
const without = (text: string): string => Object.values(IGNORED).reduce((rest, { pattern, by }) => rest.replace(pattern, by), text);
/** The host name is made of the run's id. */
const HOSTNAME = /\bjail-[0-9a-z]{8}\b/g;
/** Of a line in the network log: when it was, and which port the kernel chose. */
const WHEN: ReadonlySet<string> = new Set(['t', 'ms']);

/** What has to be the same on every backend. */
export function comparable(ran: Result, topic: Topic) {
  const { run, verdict } = ran;
  const checks = checksOf(topic);
  if (topic.record?.some(({ differs }) => differs === true))
    return { changes: without(ran.text('changes.ndjson')), patch: ran.text('changes.patch') };
  return {
    code: ran.code,
    // An end that went wrong behind the verdict is told here alone.
    said: ran.stderr.replace(/^agent-jail: record .*\n/m, ''),
    outcome: `${verdict.outcome}: ${verdict.because}`,
    end: run.end,
    steps: run.steps.map(({ name, argv, exit }) => ({
      name,
      argv,
      exit: exit && { code: exit.code, signal: exit.signal, hit: exit.hit },
    })),
    hits: run.limits.filter(({ hit }) => hit).map(({ name }) => name),
    // With a check that differs the rest of the transcript is compared check by check.
    transcript: checks.some(differing)
      ? checks.filter((one) => differing(one) === null).map(({ name }) => answer(ran.transcript.replace(HOSTNAME, '<hostname>'), name))
      : ran.transcript.replace(HOSTNAME, '<hostname>'),
    result: ran.text('result.txt'),
    changes: without(ran.text('changes.ndjson')),
    patch: ran.text('changes.patch'),
    network: ran
      .ndjson('network.ndjson')
      .map((line) => JSON.stringify(Object.entries(line).filter(([key]) => !WHEN.has(key))).replace(HOSTNAME, '<hostname>'))
      .sort(),
  };
}
