import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { accelerator, type Image } from './image.ts';

export interface Booted {
  /** Exit status of the job; null: it was cut off, or never began. */
  readonly code: number | null;
  /** What the job printed. */
  readonly said: string;
  /** The last lines of the kernel's and systemd's console. */
  readonly console: string;
}
/** Characters of the console that are shown of a machine that failed. */
const SHOWN = 6000;

/** The kernel's and systemd's settings. The last one is how many times slower tests may be: that of an emulated processor was measured. */
const APPEND = 'console=ttyS0 root=LABEL=machine rw panic=-1 mitigations=off systemd.setenv=AGENT_JAIL_TEST_PACE=';

/**
 * One thread for both processors: with one each, a kernel that patches itself (as it does when a run begins to trace programs) was seen to
 * hang for ever in what it had just patched.
 */
const EMULATED = 'tcg,thread=single';

/** Pure: QEMU's arguments. No network; what is written to the disks is forgotten. The job's words come on stdout. */
export function qemu(image: Image, work: string, console: string, accel: 'kvm' | 'tcg'): [string, ...string[]] {
  const drive = (file: string): string[] => ['-drive', `file=${file},format=raw,if=virtio,snapshot=on`];
  // biome-ignore format: options with their values
  return [
    'qemu-system-x86_64', '-nodefaults', '-no-reboot', '-display', 'none', '-machine', 'q35',
    '-accel', accel === 'tcg' ? EMULATED : 'kvm', '-cpu', accel === 'tcg' ? 'max' : 'host', '-smp', '2', '-m', '4G',
    '-device', 'virtio-rng-pci', '-nic', 'none', ...drive(image.disk), ...drive(work),
    '-kernel', image.kernel, '-initrd', image.initrd, '-append', APPEND.concat(accel === 'tcg' ? '10' : '1'),
    '-serial', `file:${console}`, '-serial', 'stdio',
  ];
}

/** Boots a machine, waits for its job and for its end. `hear` gets what the job prints, as it comes. `limit` in ms. */
export async function boot(image: Image, work: string, directory: string, hear: (text: string) => void, limit: number): Promise<Booted> {
  const console = join(directory, 'console');
  const [file, ...args] = qemu(image, work, console, accelerator(readFileSync('/proc/cpuinfo', 'utf8')));
  // Snapshots of the disks are files of its own.
  const child = spawn(file, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { PATH: '/usr/bin:/bin', TMPDIR: directory } });
  const stop = (): void => void child.kill('SIGKILL');
  const timer = setTimeout(stop, limit);
  process.once('exit', stop);
  let said = '';
  let errors = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text;
    hear(text);
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors = (errors + text).slice(-SHOWN)));
  await new Promise<void>((resolve, reject) => child.once('error', reject).once('close', () => resolve()));
  clearTimeout(timer);
  process.off('exit', stop);
  const ended = /^job: exited (\d+)$/m.exec(said);
  return { code: ended === null ? null : Number(ended[1]), said, console: `${errors}${tail(console)}` };
}

function tail(file: string): string {
  try {
    return readFileSync(file, 'utf8').slice(-SHOWN);
  } catch {
    return '';
  }
}
