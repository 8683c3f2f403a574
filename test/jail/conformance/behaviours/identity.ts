import { check, type Topic } from './topic.ts';
import { type Arch, SYSCALLS } from '../../../support/syscalls.ts';

const number = (name: string): number | undefined => SYSCALLS[process.arch as Arch].get(name);

const status = (name: string): string => `grep -w ^${name} /proc/self/status | cut -f 2- | tr -s "\\t " " "`;
const refused = (what: string): string => `( ${what} ) 2>&1 | sed "s/.*: //"`;

export const IDENTITY: Topic = {
  name: 'identity and rights',
  steps: [
    {
      name: 'checks',
      checks: [
        check('id', 'id', /^uid=(610\d\d)\(agent\) gid=\1\(agent\) groups=\1\(agent\)\n$/),
        check('no other group', status('Groups'), /^610\d\d ?\n$/),
        check('all four ids', `${status('Uid')}; ${status('Gid')}`, /^(610\d\d) \1 \1 \1\n\1 \1 \1 \1\n$/),
        check('umask', 'umask; umask -S', '0022\nu=rwx,g=rx,o=rx\n'),
        ...['Inh', 'Prm', 'Eff', 'Bnd', 'Amb'].map((set) => check(`capabilities: ${set}`, status(`Cap${set}`), '0000000000000000\n')),
        check('no new privileges', status('NoNewPrivs'), '1\n'),
        check('seccomp', status('Seccomp'), '2\n'),
        check(
          'setuid programs are inert',
          'cp "$(command -v id)" own; chmod 4755 own; ./own -u | sed "s/^610..$/agent/"; su -c id 2>/dev/null || echo no su',
          'agent\nno su\n',
        ),
        check('user namespaces', refused('unshare -U true'), /^Operation not permitted\n$/),
        check('mounts', refused('unshare -m true'), 'Operation not permitted\n'),
        check('devices', refused('mknod d c 1 3'), 'Operation not permitted\n'),
        check('chroot', refused('chroot / true'), 'Operation not permitted\n'),
        check('chown', refused('touch o; chown 0 o'), 'Operation not permitted\n'),
        check('priorities', refused('nice -n -5 true'), /Permission denied|Operation not permitted/),
        check('the name of the machine', refused('hostname other'), /must be root|not permitted/),
        check('the clock', refused('date -s 2020-01-01 > /dev/null'), /Operation not permitted/),
        check(
          'ptrace',
          `perl -e 'print syscall(${number('ptrace')}, 0, 0, 0, 0) == -1 ? "$!\\n" : "allowed\\n"'`,
          'Operation not permitted\n',
        ),
        check(
          'keyrings',
          `perl -e 'print syscall(${number('keyctl')}, 0, -3, 0) == -1 ? "$!\\n" : "allowed\\n"'`,
          'Operation not permitted\n',
        ),
        check(
          'threads',
          `perl -MConfig -e 'exit !$Config{useithreads}' && perl -Mthreads -e 'threads->create(sub { print "a thread\\n" })->join'`,
          'a thread\n',
        ),
        check('how the kernel kills for memory', 'cat /proc/self/oom_score_adj', '900\n'),
        check('user ids', 'tr -s " " < /proc/self/uid_map', ' 0 0 4294967295\n'),
      ],
    },
  ],
};
