import { EXIT } from '../model/outcome.ts';
import { sweep } from '../run/client.ts';
import { examine } from '../run/doctor.ts';
import type { Check } from '../run/doctor.ts';
import { parse } from './args.ts';
import { json } from './io.ts';
import type { Io } from './io.ts';

/** `agent-jail doctor [--clean]`. Exit 70 when a jail cannot be built here. */
export async function doctorCommand(argv: readonly string[], io: Io): Promise<number> {
  const { options } = parse(argv, { json: 'boolean', clean: 'boolean' }, 0);
  if (options['clean']) return await clean(io, options['json'] !== undefined);
  const checks = await examine(io.env['DOCKER_HOST'] ?? null);
  const ok = checks.every((check) => check.ok);
  if (options['json']) json(io, { schema: 'agent-jail/doctor@1', ok, checks });
  else io.out(table(checks));
  return ok ? 0 : EXIT['jail-error'];
}

async function clean(io: Io, asJson: boolean): Promise<number> {
  const { removed, live, left } = await sweep(null);
  if (asJson) json(io, { schema: 'agent-jail/clean@1', removed, live, left });
  else {
    for (const what of removed) io.out(`removed ${what}\n`);
    for (const what of live) io.out(`left alone, still running: ${what}\n`);
    for (const { id, why } of left) io.out(`could not be removed: ${id}: ${why}\n`);
    if (removed.length + left.length === 0) io.out('nothing to remove\n');
  }
  return left.length === 0 ? 0 : EXIT['jail-error'];
}

function table(checks: readonly Check[]): string {
  const wide = Math.max(...checks.map((check) => check.name.length));
  const lines = checks.flatMap(({ name, ok, what, remedy }) => [
    `${ok ? 'ok      ' : 'missing '} ${name.padEnd(wide)}  ${what}`,
    ...(ok || remedy === '' ? [] : [`         ${' '.repeat(wide)}  ${remedy}`]),
  ]);
  const verdict = checks.every((check) => check.ok) ? 'A jail can be built here.' : 'A jail cannot be built here yet.';
  return [...lines, '', verdict, ''].join('\n');
}
