import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { ScriptedModel } from '../../../src/scripted/model.ts';
import { parseScript } from '../../../src/scripted/parse.ts';
import { listen } from '../../../src/scripted/server.ts';
import { type Agent, installAgents, mounts, SMALL } from '../../support/agents.ts';
import { cli, CLI, NODE, record, repository, temporary } from '../../support/jail.ts';
import { nspawnIsHere } from '../../support/world/nspawn.ts';

const SCRIPT = 'answers: [{ run: "date +%s%N > proof.txt && date && cat proof.txt" }, { say: It is done }]';
const KEY = 'sk-REAL-0123456789abcdef';

beforeAll(async () => {
  await nspawnIsHere();
  await installAgents(SMALL);
}, 15 * 60_000);

/** The agent in a jail that reaches a model server of ours, which `model` says the rest of. */
async function run(agent: Agent, at: string, work: string, model: readonly string[]) {
  const port = await freePort();
  const policy = {
    mounts: mounts(agent),
    limits: { disk: '1GiB', memory: '2GiB', time: '5m' },
    env: { [agent.key]: 'no-key-at-all' },
    network: { services: { model: port } },
  };
  const file = join(at, `policy-${port}.yml`);
  writeFileSync(file, JSON.stringify(policy));
  const out = mkdtempSync(join(at, 'record-'));
  const jail = [
    'run',
    '--backend',
    'nspawn',
    '--policy',
    file,
    '--out',
    out,
    '--',
    'sh',
    '-c',
    `env; ${agent.task(`http://model:${port}`)}`,
  ];
  const args = ['model', ...model, '--listen', `127.0.0.1:${port}`, '--', NODE, CLI, ...jail];
  const ran = await cli(args, { cwd: work, env: { REAL: KEY } });
  return { ...ran, ...record(out) };
}
async function freePort(): Promise<number> {
  const nobody = { answer: () => Promise.reject(new Error('nobody')) };
  const { server, url } = await listen({ model: nobody, key: null, note: () => {} }, '127.0.0.1', 0);
  await new Promise((resolve) => server.close(resolve));
  return Number(new URL(url).port);
}

describe('a real agent, recorded', () => {
  test.each(SMALL.map((agent) => ({ name: agent.name, agent })))('does the same when the recording is played: $name', async ({ agent }) => {
    using place = temporary();
    const work = repository(place.path);
    const tape = join(place.path, 'tape.ndjson');
    const log = join(place.path, 'log.ndjson');
    const real = await listen({ model: new ScriptedModel(parseScript(SCRIPT, 'script')), key: KEY, note: () => {} }, '127.0.0.1', 0);
    const recorded = await run(agent, place.path, work, ['--record', tape, '--upstream', real.url, '--key', 'REAL']);
    real.server.closeAllConnections();
    await new Promise((resolve) => real.server.close(resolve));
    expect(`${recorded.code} ${recorded.stderr}${recorded.transcript}`).toMatch(/^0 /);
    expect(recorded.stderr).toMatch(/^agent-jail model: [2-9] requests, 0 of them refused or broken$/m);

    const played = await run(agent, place.path, work, [tape, '--log', log]);
    expect(`${played.code} ${played.stderr}${readFileSync(log, 'utf8')}`).toMatch(/^0 /);
    expect(played.stderr).toMatch(/^agent-jail model: [2-9] requests, 0 of them refused or broken$/m);
    for (const { transcript, ndjson } of [recorded, played]) {
      expect(transcript).toContain('It is done');
      expect(transcript).not.toContain(KEY);
      expect(ndjson('changes.ndjson').map(({ path }) => path)).toContain('proof.txt');
    }
    // The tool told another time, and that was no other conversation.
    expect(played.transcript).not.toBe(recorded.transcript);
    expect(readFileSync(tape, 'utf8') + readFileSync(log, 'utf8')).not.toContain(KEY);
  });
});
