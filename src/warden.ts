import type { BackendName } from './model/names.ts';
import { warden } from './run/warden.ts';
import { keepCode } from './system/kept-code.ts';

process.on('SIGINT', () => {}); // a terminal's Ctrl-C goes to main, which cancels
process.on('SIGTERM', () => {});
const [, entry = '', kind, guess = 'auto'] = process.argv;
warden(entry, kind === 'sweep', guess as BackendName | 'auto')
  .then((ran) => ran && keepCode())
  .catch((error: unknown) => {
    process.stderr.write(`warden: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 70;
  })
  // Children that hold a pipe of ours must not keep it alive.
  .finally(() => process.exit());
