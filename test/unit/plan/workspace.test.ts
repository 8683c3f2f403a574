import { expect, test } from 'vitest';
import { refuseWorkspace } from '../../../src/plan/workspace.ts';

const homes = ['/home/runner', '/root', '/srv/ci'];
const forbidden = ['/home/runner/work/_temp', '/home/runner/work/_actions', '/home/runner/actions-runner', '/data/runner/bin'];

test.each([
  ['/', 'the whole machine'],
  ['/home/runner', 'a home directory'],
  ['/home', 'of the system'],
  ['/srv/ci', 'a home directory'],
  ['/root', 'a home directory'],
  ['/srv', 'of the system'],
  ['/tmp', 'of the system'],
  ['/usr', 'of the system'],
  ['/opt', 'of the system'],
  ['/var', 'of the system'],
  ['/etc', 'of the system'],
  ['/etc/ssh', 'lies in /etc'],
  ['/proc/self/cwd', 'lies in /proc'],
  ['/dev/shm/w', 'lies in /dev'],
  ['/run/user/1000', 'lies in /run'],
  ['/sys', 'of the system'],
  ['/boot/x', 'lies in /boot'],
  ['/home/runner/work', 'contains /home/runner/work/_temp'],
  ['/home/runner/work/_temp', "is the runner's own"],
  ['/home/runner/work/_temp/x', 'lies in /home/runner/work/_temp'],
  ['/home/runner/work/_actions/o/r/v1', 'lies in /home/runner/work/_actions'],
  ['/home/runner/actions-runner/x', 'lies in /home/runner/actions-runner'],
  ['/data', 'contains /data/runner/bin'],
])('%s is refused: %s', (path, why) => {
  expect(refuseWorkspace(path, { homes, forbidden })).toContain(why);
});

test.each([
  '/home/runner/work/repo/repo',
  '/home/runner/work/_temporary',
  '/root/project',
  '/usr/src/app',
  '/tmp/x',
  '/var/www/site',
  '/data/runner/_work/r/r',
  '/home/other/x',
  '/opt/app',
  '/etcetera',
])('%s is taken', (path) => {
  expect(refuseWorkspace(path, { homes, forbidden })).toBeNull();
});
