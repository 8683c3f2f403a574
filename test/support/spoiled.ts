import { spawn } from 'node:child_process';

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command with a plain environment, run to its end. `seen` gets stdout as it grows. */
export async function ended(argv: readonly [string, ...string[]], cwd: string, seen: (stdout: string) => void = () => {}): Promise<Ended> {
  const [file, ...args] = argv;
  const env = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', HOME: '/nonexistent' };
  const child = spawn(file, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    seen(stdout);
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, stdout, stderr };
}

/** A command in a mount namespace of its own, after a script of root's that spoils the machine there and nowhere else. */
export const spoiled = async (script: string, argv: readonly string[], cwd: string): Promise<Ended> =>
  ended(['unshare', '--mount', '--propagation', 'private', 'sh', '-ec', `${script}\nexec "$@"`, 'sh', ...argv], cwd);

/** Hides programs, as if they had never been installed. */
export const without = (...programs: readonly string[]): string => `mount -t tmpfs t /mnt
for d in bin sbin; do
  mkdir -p /mnt/$d/u /mnt/$d/w
  mount -t overlay -o lowerdir=/usr/$d,upperdir=/mnt/$d/u,workdir=/mnt/$d/w o /usr/$d
done
rm -f ${programs.map((name) => `/usr/bin/${name} /usr/sbin/${name}`).join(' ')}`;

/** An empty directory in place of one that is there. */
export const emptied = (...paths: readonly string[]): string =>
  paths.map((path) => `mkdir -p ${path}; mount -t tmpfs t ${path}`).join('\n');
