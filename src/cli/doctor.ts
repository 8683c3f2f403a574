import { homedir } from 'node:os';
import { JailError } from '../model/errors.ts';
import { EXIT } from '../model/outcome.ts';
import { sweep } from '../run/client.ts';
import { examine, type Check } from '../run/doctor.ts';
import { examineBackends, type BackendRow } from '../run/doctor-backends.ts';
import { engineOf } from '../system/docker-context.ts';
import { readIfThere } from '../system/engine-connection.ts';
import { parse, wrong } from './args.ts';
import { json } from './io.ts';
import type { Io } from './io.ts';
import { measure, type Speed } from './measure.ts';

/** A backend, and how fast it is here; null: not measured. */
type Measured = BackendRow & { readonly speed: Speed | null };

/** `agent-jail doctor [--measure | --clean]`. Exit 70 when a jail cannot be built here. */
export async function doctorCommand(argv: readonly string[], io: Io): Promise<number> {
  const { options } = parse(argv, { json: 'boolean', clean: 'boolean', measure: 'boolean' }, 0);
  if (options['clean'] && options['measure']) throw wrong('--clean and --measure are two things: give one of them');
  if (options['clean']) return await clean(io, options['json'] !== undefined);
  const checks = await examine();
  const backends = await examineBackends(chosen(io));
  const machine = checks.every((check) => check.ok);
  const measured: Measured[] = [];
  for (const one of backends) {
    const speed = options['measure'] && machine && one.usable ? await measure(one, io) : null;
    measured.push({ ...one, speed });
  }
  // One backend is enough.
  const ok = machine && measured.some(({ name, usable }) => usable && name !== 'chroot');
  if (options['json']) json(io, { schema: 'agent-jail/doctor@1', ok, checks, backends: measured });
  else io.out([...machineTable(checks), '', ...backendTable(measured), '', VERDICT[ok ? 'yes' : 'no'], ''].join('\n'));
  return ok ? 0 : EXIT['jail-error'];
}

async function clean(io: Io, asJson: boolean): Promise<number> {
  const { removed: here, live, left } = await sweep(null);
  const removed = [...here, ...(await elsewhere(io))];
  if (asJson) json(io, { schema: 'agent-jail/clean@1', removed, live, left });
  else {
    for (const what of removed) io.out(`removed ${what}\n`);
    for (const what of live) io.out(`left alone, still running: ${what}\n`);
    for (const { id, why } of left) io.out(`could not be removed: ${id}: ${why}\n`);
    if (removed.length + left.length === 0) io.out('nothing to remove\n');
  }
  return left.length === 0 ? 0 : EXIT['jail-error'];
}

/** What was left at the engine that a run would use now; an engine that is not there has nothing. */
async function elsewhere(io: Io): Promise<readonly string[]> {
  const [{ Engine }, { removeForgotten }] = await Promise.all([import('../system/engine.ts'), import('../remote/helper.ts')]);
  try {
    return await removeForgotten(await Engine.connect(chosen(io)));
  } catch (error) {
    if (error instanceof JailError) return [];
    throw error;
  }
}
const chosen = (io: Io) => engineOf(io.env, io.env['HOME'] ?? homedir(), readIfThere);

const VERDICT = { yes: 'A jail can be built here.', no: 'A jail cannot be built here yet.' } as const;

function machineTable(checks: readonly Check[]): string[] {
  const wide = Math.max(...checks.map((check) => check.name.length));
  return checks.flatMap(({ name, ok, what, remedy }) => [
    `${ok ? 'ok      ' : 'missing '} ${name.padEnd(wide)}  ${what}`,
    ...(ok || remedy === '' ? [] : [`         ${' '.repeat(wide)}  ${remedy}`]),
  ]);
}

/** Pure: one line a backend, and one more where there is something to do. */
export function backendTable(backends: readonly Measured[]): string[] {
  const lines = [
    ['backend', 'usable', 'how strong', 'how fast', 'what is there'],
    ...backends.flatMap(({ name, runtime, usable, strength, speed, what, remedy }) => [
      [runtime === null ? name : `  runtime ${runtime}`, usable ? 'yes' : 'no', strength, speedOf(speed), what],
      ...(remedy === '' ? [] : [['', '', '', '', remedy]]),
    ]),
  ];
  const wide = [0, 1, 2, 3].map((column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  const table = lines.map((line) =>
    line
      .map((cell, column) => cell.padEnd(wide[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  const failed = backends.flatMap(({ name, runtime, speed }) =>
    speed !== null && 'why' in speed ? [`${runtime === null ? name : `${name} with ${runtime}`} could not run: ${speed.why}`] : [],
  );
  const hint = backends.every(({ speed }) => speed === null)
    ? ['How fast each one is: `agent-jail doctor --measure`, which runs it three times.']
    : [];
  return [...table, ...failed, ...hint];
}
const speedOf = (speed: Speed | null): string =>
  speed === null ? '-' : 'why' in speed ? 'failed' : `${(speed.ms / 1000).toFixed(2)} s a run`;
