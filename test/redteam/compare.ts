// The whole list of attacks on both backends, its harmless part at other levels of isolation, and the page of it. Needs root and an engine
// that it starts itself. Usage: npm run redteam
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OwnEngine } from '../support/engine.ts';

const place = mkdtempSync(join(tmpdir(), 'agent-jail-levels-'));
// Not all that run here are root.
chmodSync(place, 0o755);
try {
  await using engine = await OwnEngine.start();
  process.env['DOCKER_HOST'] = engine.host;
  mkdirSync(join(place, 'docker'));
  // Loaded now: they read where the engine is.
  const { report, suite, wrong } = await import('./suite.ts');
  const { Host } = await import('./host.ts');
  const { atLevel, levels } = await import('./levels.ts');
  const { publish } = await import('./page.ts');
  const others = [];
  for (const level of await levels(place, engine.host)) {
    await using host = await Host.make();
    others.push({ level, judged: await atLevel(host, level) });
  }
  const outcomes = [];
  for (const backend of ['nspawn', 'docker'] as const) {
    const outcome = await suite(backend);
    process.stdout.write(`${report(outcome)}\n`);
    for (const line of wrong(outcome)) {
      process.stderr.write(`${backend}: ${line}\n`);
      process.exitCode = 1;
    }
    outcomes.push(outcome);
  }
  process.stdout.write(publish(outcomes, others));
} finally {
  rmSync(place, { recursive: true, force: true });
}
