import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CLEAN_ENV } from '../../src/system/exec.ts';
import type { OwnEngine } from '../../test/support/engine.ts';

/** The environment of docker's command line for an engine of our own. */
export const dockerEnv = ({ place, host }: OwnEngine): Record<string, string> => ({
  ...CLEAN_ENV,
  DOCKER_HOST: host,
  DOCKER_CONFIG: `${place}/config`,
  HOME: place,
});

/** An image of one static program, under the names that scripts call it by. */
export function staticImage(engine: OwnEngine, name: string): string {
  const tree = join(engine.place, 'tree');
  staticTree(tree);
  execFileSync('tar', ['-cf', join(engine.place, 'tree.tar'), '-C', tree, '.'], { env: CLEAN_ENV });
  execFileSync('docker', ['import', join(engine.place, 'tree.tar'), name], { env: dockerEnv(engine), stdio: 'ignore', timeout: 60_000 });
  return name;
}

/** A root of one static program. */
export function staticTree(at: string): void {
  for (const directory of ['bin', 'etc', 'proc', 'sys', 'dev', 'run', 'tmp', 'usr', 'root', 'var'])
    mkdirSync(join(at, directory), { recursive: true });
  for (const name of ['busybox', 'sh', 'true']) copyFileSync('/bin/busybox', join(at, 'bin', name));
  mkdirSync(join(at, 'usr/lib'));
  writeFileSync(join(at, 'etc/passwd'), 'root:x:0:0::/root:/bin/sh\n');
  writeFileSync(join(at, 'usr/lib/os-release'), 'ID=bench\n'); // without one nspawn does not start
}
