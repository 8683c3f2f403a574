import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Phase } from '../../src/model/names.ts';
import { cli, temporary } from './jail.ts';
import { OwnEngine } from './engine.ts';
import { isOver, killGround, type KilledBackend, livesAt, strike, type Struck, type Victim, VICTIMS } from './kill.ts';
import { settled, snapshot } from './machine.ts';
import { PACE } from './pace.ts';
import type { User } from './user.ts';

/** A phase may pass before the signal is sent: then the same is tried again. */
const TRIES = 12;
const LEFT = 'this run left something that could not be removed';
/** ms: then whatever was killed, nothing of the run lives any more. */
const SOON = 10_000 * PACE;

/** One test for each victim and phase in which it lives; a phase that never occurred is a failure. `as`: who runs it, where that is not root. */
export function killTests(
  phases: readonly Phase[],
  backend: KilledBackend,
  victims: readonly Victim[] = VICTIMS[backend],
  as: () => User | null = () => null,
): void {
  for (const victim of victims)
    for (const phase of phases.filter((p) => livesAt(victim, backend, p)))
      test(`${backend}: ${victim} killed at ${phase}`, async () => {
        const user = as();
        using place = user === null ? temporary() : homeOf(user);
        killGround(place.path, (file) => writeFileSync(file, 'limits: { disk: 64MiB, memory: 512MiB, time: 1m }\n'));
        if (user !== null) execFileSync('chown', ['-R', `${user.name}:`, place.path]);
        const before = snapshot();
        let struck: Struck | null = null;
        for (let n = 0; n < TRIES && struck?.phase !== phase; n += 1) {
          await using engine = victim === 'engine' ? await OwnEngine.start() : null;
          struck = await strike(place.path, victim, phase, { backend, engine, user });
          if (engine === null || struck.phase === null) continue;
          // What a run has in an engine is known to be gone when the engine is back.
          await engine.gone();
          await using back = await OwnEngine.start(engine.place);
          expect(await cli(['doctor', '--clean'], { cwd: place.path, env: { DOCKER_HOST: back.host } })).toMatchObject({ code: 0 });
        }
        if (struck === null) throw new Error('never struck');
        console.log(`${backend}, ${victim}: last phase seen before the signal: ${struck.phase}`);
        expect(struck.phase).toBe(phase);
        expect(struck.gone).toBeLessThan(SOON);
        judge(victim, phase, struck);
        // What only the next run or `doctor --clean` can remove is swept by the client at once, unless the client was the victim.
        expect(await settled(before, 5000 * PACE)).toEqual([]);
      });
}

/** A directory of the user's, gone with the test. */
function homeOf(user: User): { readonly path: string } & Disposable {
  const path = mkdtempSync(join(user.home, 'place-'));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}

function judge(victim: Victim, phase: Phase, { result, verified, problems, said, record, code }: Struck): void {
  expect([0, 4], problems).toContain(verified); // intact, or a valid prefix
  // An engine that is gone has what the run made in it; in other phases it may have been too early or too late for that.
  if (victim !== 'engine') expect(said).not.toContain(LEFT);
  else if (['steps', 'collect'].includes(phase)) expect(said).toContain(`${LEFT}: there is no Docker engine`);
  if (victim === 'main') return expect(record.transcript).not.toContain('got a signal');
  if (result === null) throw new Error(`no result, exit ${code}`);
  const late = isOver(phase) && ['nspawn', 'container', 'engine', 'gateway'].includes(victim);
  if (late) return;
  // The result may have been on its way already.
  if (phase === 'clean' && result.outcome === 'succeeded') return expect([code, verified]).toEqual([0, 0]);
  // Like a step that ends by this signal itself: a container says no more of its end.
  if (victim === 'container' && phase === 'steps')
    return expect([result.outcome, record.run.steps[0]?.exit?.code]).toEqual(['step-failed', 137]);
  expect(result.outcome).toBe('jail-error');
  if (victim === 'hands') expect(result.because).toContain('(hands.pl) ended with SIGKILL');
  else expect(result.because).not.toBe('');
  expect(code).toBe(70);
}
