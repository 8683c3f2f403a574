import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Trial } from '../model/suite.ts';
import { newId } from '../run/id.ts';
import { regrade } from '../suite/regrade.ts';
import { fit } from '../suite/run.ts';
import { readTrials } from '../suite/trials.ts';
import { openTrials } from '../suite/trials-write.ts';
import { parse, wrong } from './args.ts';
import type { Io } from './io.ts';
import { backendOf, numberOf, resultsFile } from './suite-args.ts';
import { cancelled, loadSuite, suiteFolder, told, withBench } from './suite-common.ts';
import { Tally } from './suite-tally.ts';

const OPTIONS = { suite: 'string', out: 'string', backend: 'string', jobs: 'string', build: 'boolean', json: 'boolean' } as const;

/** `agent-jail suite regrade RESULTS --suite FILE`: a better verifier over what agents did already. */
export async function suiteRegrade(argv: readonly string[], io: Io): Promise<number> {
  const { options, positionals } = parse(argv, OPTIONS, 1);
  const [written] = positionals;
  if (written === undefined) throw wrong('which results? agent-jail suite regrade RESULTS --suite FILE');
  if (options['suite'] === undefined) throw wrong('which suite judges? --suite FILE');
  const results = resultsFile(written, io);
  const { suite, trusted } = await loadSuite(options['suite'], io);
  const trials = readTrials(results);
  const { header } = trials;
  const tasks = new Map(suite.tasks.map((task) => [task.id, task]));
  const unknown = header.expected.filter(({ task }) => !tasks.has(task)).map(({ task }) => task);
  if (unknown.length > 0)
    throw wrong(`the suite has no task ${unknown.slice(0, 10).join(', ')}, which the results have`, 'Give the suite that they are of.');
  const out = await suiteFolder(options['out'], newId(), io);
  const backend = backendOf(options['backend']);
  const chosen = suite.tasks.filter(({ id }) => header.expected.some(({ task }) => task === id));
  const { jobs, share } = fit(chosen, numberOf(options['jobs'], '--jobs', 1, 1024) ?? suite.jobs);
  const tally = new Tally(suite.gate, header.expected);
  const cancel = cancelled();
  let changed = 0;
  await withBench(
    { suite, trusted, tasks: chosen, build: options['build'] !== undefined, out, backend, share, io },
    async (bench, workspaces, ready) => {
      mkdirSync(out, { recursive: true, mode: 0o700 });
      const expected = header.expected.map((one) => ({ ...one, policy: tasks.get(one.task)?.policy.digest ?? one.policy }));
      const writer = openTrials(join(out, 'trials.ndjson'), { ...header, suite: suite.name, digest: suite.digest, expected });
      const source = trials[Symbol.asyncIterator]();
      const worker = async (): Promise<void> => {
        for (let next = await source.next(); next.done !== true && !cancel.signal.aborted; next = await source.next()) {
          const earlier = next.value;
          const task = ready.find(({ id }) => id === earlier.task);
          const again = task === undefined ? earlier : await regrade(bench, workspaces, task, earlier, results, cancel.signal);
          if (cancel.signal.aborted) return;
          writer.add(again);
          tally.add(again);
          if (again.outcome === earlier.outcome && again.reward === earlier.reward) continue;
          changed += 1;
          io.err(`${again.task} #${again.trial} ${said(earlier)} → ${said(again)}: ${again.because.slice(0, 300)}\n`);
        }
      };
      await Promise.all(Array.from({ length: jobs }, worker));
      if (cancel.signal.aborted) writer.close();
      else writer.end();
    },
  );
  io.err(`agent-jail: ${changed} judged otherwise\n`);
  const ended = { suite: suite.name, agent: header.agent, results: join(out, 'trials.ndjson'), tally, cut: cancel.signal.aborted };
  return told(io, { ...ended, json: options['json'] !== undefined, more: { changed } });
}

const said = ({ outcome, reward }: Trial): string => (reward === null ? outcome : `${outcome} ${reward}`);
