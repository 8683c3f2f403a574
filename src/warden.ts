import type { BackendName } from './model/names.ts';
import { warden } from './run/warden.ts';

process.on('SIGINT', () => {}); // a terminal's Ctrl-C goes to main, which cancels
process.on('SIGTERM', () => {});
try {
  await warden(process.argv[1] ?? '', process.argv[2] === 'sweep', (process.argv[3] ?? 'auto') as BackendName | 'auto');
} catch (error) {
  process.stderr.write(`warden: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 70;
}
process.exit(); // children that hold a pipe of ours must not keep it alive
