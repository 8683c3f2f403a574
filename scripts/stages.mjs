// Runs commands one after the other and adds up what their tests said. Plain JavaScript: it also runs on the Node of an older machine.
import { spawn } from 'node:child_process';
import { delimiter, join, resolve } from 'node:path';

export const root = resolve(import.meta.dirname ?? new URL('.', import.meta.url).pathname, '..');
/** The project's own Node and tools come first, as within `npm run`. */
export const environment = { ...process.env, PATH: join(root, 'node_modules', '.bin') + delimiter + (process.env.PATH ?? '') };

const FAILED = /^failed: .*$/gm;
const CLOSING = /^(\d+) passed, (\d+) failed, (\d+) skipped$/;
/** ms between asking a stage to stop and killing it. */
const GRACE = 15_000;
/** Characters of what a stage prints that are looked at. */
const KEPT = 1 << 16;
let stopped = false;

/**
 * Runs every stage, also after one failed, and prints the sum as its last line. A stage that exits non-zero, or is stopped at the deadline
 * (a time as of `Date.now()`), counts as one failure at least.
 * @typedef {{ name: string, argv: [string, ...string[]], tests?: boolean }} Stage `tests: false`: a command without a closing line of its own
 * @param {(Stage & { beside?: Stage })[]} stages `beside`: what runs at the same time, and is shown once both are over
 * @returns {Promise<{ passed: number, failed: number, skipped: number, names: string[] }>} `names`: of the tests that failed
 */
export async function runStages(stages, deadline = Infinity) {
  const sum = { passed: 0, failed: 0, skipped: 0, names: [] };
  const add = ({ name, tests = true }, { code, last, names, ms }) => {
    sum.names.push(...(code !== 0 && names.length === 0 ? [`failed: ${name}`] : names));
    const counts = CLOSING.exec(last)?.slice(1).map(Number) ?? [0, 0, 0];
    const [passed = 0, failed = 0, skipped = 0] = tests ? counts : [code === 0 ? 1 : 0, 0, 0];
    sum.passed += passed;
    sum.skipped += skipped;
    sum.failed += Math.max(failed, code !== 0 || passed === 0 ? 1 : 0);
    console.log(`== ${name}: ${code === 0 ? 'done' : `failed (${code})`}, ${Math.round(ms / 1000)} s`);
  };
  for (const stage of stages) {
    if (stopped) break;
    let kept = '';
    const other = stage.beside && run(stage.beside.argv, deadline, (chunk) => (kept += chunk));
    add(stage, await run(stage.argv, deadline));
    if (other === undefined) continue;
    const over = await other;
    process.stdout.write(kept);
    add(stage.beside, over);
  }
  if (stopped) sum.failed += 1;
  return sum;
}

/** Prints which tests failed and the closing line, and sets the exit code: nothing skipped, nothing failed, something passed. */
export function close({ passed, failed, skipped, names }) {
  if (failed > 0 || skipped > 0 || passed === 0) process.exitCode = 1;
  for (const name of names) console.log(name);
  console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
}

/** @returns {Promise<{ code: number | string, last: string, names: string[], ms: number }>} its exit code or what ended it, the last line that says something, and the tests that failed */
function run([file, ...args], deadline, show = (chunk) => process.stdout.write(chunk)) {
  return new Promise((done) => {
    const started = Date.now();
    const left = deadline - Date.now();
    // A group of its own: what a stage started goes with it. A stage that is such a script itself passes the signal on.
    const child = spawn(file, args, { cwd: root, env: environment, stdio: ['ignore', 'pipe', 'inherit'], detached: true });
    const halt = (signal) => {
      stopped = true;
      kill(child, signal);
      setTimeout(() => kill(child, 'SIGKILL'), GRACE).unref();
    };
    const timer = left < 2 ** 31 ? setTimeout(() => halt('SIGTERM'), left) : undefined;
    process.on('SIGINT', halt).on('SIGTERM', halt);
    let text = '';
    child.stdout.setEncoding('utf8');
    child.stdout.on('data', (chunk) => {
      show(chunk);
      text = (text + chunk).slice(-KEPT);
    });
    child.on('error', (error) => done({ code: error.message, last: '', names: [], ms: Date.now() - started }));
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      process.off('SIGINT', halt).off('SIGTERM', halt);
      // A script of stages repeats the names of its own.
      const names = [...new Set(text.match(FAILED))];
      done({ code: code ?? signal ?? 'unknown', last: text.trimEnd().split('\n').at(-1) ?? '', names, ms: Date.now() - started });
    });
  });
}

function kill(child, signal) {
  try {
    process.kill(-child.pid, signal);
  } catch {
    // It has ended meanwhile.
  }
}
