import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Sha256 } from '../../src/model/names.ts';
import type { ExpectedTask, Trial, TrialsHeader } from '../../src/model/suite.ts';
import { type Plan, planDigest, planOf, planShards } from '../../src/suite/plan.ts';

/** A night: `tasks` tasks of `trials` trials each, over `shards` shards. */
export interface Size {
  readonly tasks: number;
  readonly trials: number;
  readonly shards: number;
}
export interface Night {
  readonly plan: Plan;
  /** By shard. */
  readonly files: readonly string[];
  readonly lines: number;
  readonly bytes: number;
}
const hex = (digit: string): Sha256 => digit.repeat(64) as Sha256;
const ABOUT = { suite: 'nightly', digest: hex('a'), agent: 'pi', seed: 7 } as const;

export function suiteOf({ tasks, trials }: Size): ExpectedTask[] {
  return Array.from({ length: tasks }, (_, at) => ({
    task: `fix-the-build-${at}`,
    first: 1,
    trials,
    policy: hex('b'),
    deterministic: false,
    tags: [],
  }));
}

/** The trials files of all shards, each in a folder of its own below `place`, as a shard's job leaves them. */
export function writeNight(place: string, size: Size): Night {
  const plan = planOf(ABOUT, planShards(suiteOf(size), size.shards, new Map()));
  const digest = planDigest(plan);
  let [lines, bytes] = [0, 0];
  const files = plan.shards.map(({ index, expected }) => {
    const folder = join(place, `shard-${index}`);
    mkdirSync(folder);
    const fd = openSync(join(folder, 'trials.ndjson'), 'wx');
    const header: TrialsHeader = {
      schema: 'agent-jail/trials@1',
      ...ABOUT,
      backend: 'auto',
      version: '0.1.0',
      started: '2026-11-29T02:00:00.000Z',
      shard: { index, of: plan.shards.length, plan: digest },
      expected,
      origin: null,
    };
    let own = 0;
    const write = (text: string): void => {
      bytes += writeSync(fd, text);
    };
    write(`${JSON.stringify(header)}\n`);
    for (const task of expected) {
      const texts = Array.from({ length: task.trials }, (_, at) => `${JSON.stringify(trialOf(task.task, task.first + at))}\n`);
      own += texts.length;
      write(texts.join(''));
    }
    write(`${JSON.stringify({ end: true, lines: own })}\n`);
    closeSync(fd);
    lines += own;
    return join(folder, 'trials.ndjson');
  });
  return { plan, files, lines, bytes };
}

/** Some 700 bytes, as the night of the issue has them. */
export function trialOf(task: string, trial: number): Trial {
  const failed = trial % 7 === 0;
  return {
    task,
    trial,
    seed: trial * 7919,
    outcome: failed ? 'fail' : 'pass',
    what: null,
    because: failed ? 'the verifier ended with 1' : 'passed',
    reward: failed ? 0 : 1,
    failed: [],
    started: '2026-11-29T02:13:07.125Z',
    ms: { agent: 61_000 + trial, verifier: 812, total: 63_402 + trial },
    policy: hex('b'),
    backend: 'nspawn',
    version: '0.1.0',
    root: null,
    run: null,
    verifier: null,
    agent: { name: 'pi', version: '0.70.1', model: 'some-model-5' },
    usage: { memory: 312_000_512, output: 9134, inputTokens: 48_211, outputTokens: 3120, costUsd: 0.0421, turns: 9, toolCalls: 14 },
    behaviour: { paths: ['M src/sum.js'], runsLater: [], hosts: ['+api.example:443'], programs: ['/usr/bin/node'], denied: 0, more: 0 },
    record: `records/${task}/${trial}`,
  };
}
