import { expect } from 'vitest';
import { check, fact, type Topic } from './topic.ts';

const refused = (what: string): string => `( ${what} ) 2>&1 | sed "s/.*: //"`;
/** Masked: readable, and empty. */
const MASKED = ['/proc/keys', '/proc/interrupts', '/proc/kallsyms', '/proc/timer_list', '/proc/modules', '/proc/diskstats', '/proc/iomem'];

export const VIEW: Topic = {
  name: 'what is to be seen',
  steps: [
    {
      name: 'checks',
      checks: [
        check(
          '/',
          'ls -A / | grep -vE "^(libx?32|libo32|lib64|\\.dockerenv)$" | tr "\\n" " "',
          /^bin dev etc home lib mnt opt proc (root )?run sbin srv sys tmp usr var $/,
        ),
        check('/dev', 'ls -A /dev | tr "\\n" " "', {
          nspawn: 'char fd full mqueue net null ptmx pts random shm stderr stdin stdout tty urandom zero ',
          docker: 'fd full mqueue null ptmx pts random shm stderr stdin stdout tty urandom zero ',
          vm: 'fd full mqueue null ptmx pts random shm stderr stdin stdout tty urandom zero ',
        }),
        check(
          'devices',
          'cd /dev; stat -c "%n %F %t,%T %a %U" full null random tty urandom zero',
          [
            'full character special file 1,7 666 root',
            'null character special file 1,3 666 root',
            'random character special file 1,8 666 root',
            'tty character special file 5,0 666 root',
            'urandom character special file 1,9 666 root',
            'zero character special file 1,5 666 root',
            '',
          ].join('\n'),
        ),
        check(
          'devices work',
          'head -c 3 /dev/zero | wc -c; echo x > /dev/null; dd if=/dev/zero of=/dev/full count=1 2>&1 | grep -o "No space left on device"; head -c 3 /dev/urandom | wc -c',
          '3\nNo space left on device\n3\n',
        ),
        check(
          'no device can be made or seen by its number',
          'ls -R /dev | grep -cE "^(vd|sd|nvme|loop|kmsg|mem|kvm|fuse|dm-)" ; true',
          '0\n',
        ),
        check('/run', 'ls -A /run | tr "\\n" " "', { nspawn: 'agent-jail host ', docker: 'agent-jail ', vm: 'agent-jail ' }),
        check(
          'the runtime files',
          'ls -A /run/agent-jail | tr "\\n" " "; stat -c "%F %a %U" /run/agent-jail/out',
          'apt.conf err out policy.json result step-0.sh fifo 222 root\n',
        ),
        check(
          'they cannot be changed',
          refused('echo x >> /run/agent-jail/step-0.sh; rm -f /run/agent-jail/out'),
          /Permission denied\nRead-only file system\n|Permission denied\nPermission denied\n|Read-only file system\n/,
        ),
        check(
          'no socket of the host',
          'find / -xdev -type s 2>/dev/null | head; ls /run/docker.sock /var/run/docker.sock /run/containerd /run/systemd 2>/dev/null',
          '',
          2,
        ),
        check('nothing tells of a container', 'ls -d /.dockerenv /run/.containerenv /run/host/container-manager 2>/dev/null; true', {
          nspawn: '',
          docker: '/.dockerenv\n',
          vm: '',
        }),
        check(
          'etc',
          'cat /etc/passwd | cut -d : -f 1; cat /etc/group | cut -d : -f 1; ls /etc/shadow /etc/sudoers /etc/ssh 2>/dev/null',
          'root\nagent\nnobody\nroot\nagent\nnogroup\n',
          2,
        ),
        check(
          'the host name',
          'hostname | sed "s/jail-[0-9a-z]\\{8\\}/of the run/"; cat /etc/hostname | sed "s/jail-[0-9a-z]\\{8\\}/of the run/"; [ "$(hostname)" = "$(cat /proc/sys/kernel/hostname)" ] && echo same',
          'of the run\nof the run\nsame\n',
        ),
        check('processes: its own and those that hold it', `ps -eo args= | grep -vE "^(ps|grep|sh|cut|sort) " | cut -c 1-40 | sort -u`, {
          nspawn: '(sd-stubinit)\n/bin/sh -c : >/run/agent-jail/out (exec \n',
          docker: '/bin/sh -c : >/run/agent-jail/out (exec \n',
          vm: '/bin/sh -c : >/run/agent-jail/out (exec \ninit\n',
        }),
        check('the environment of process 1', '( cat /proc/1/environ > /dev/null ) 2>&1 | sed "s/.*: //"', {
          nspawn: 'Permission denied\n',
          docker: '',
          vm: 'Permission denied\n',
        }),
        check('the memory of process 1', `perl -e 'print sysopen(my $f, "/proc/1/mem", 0) ? "opens\\n" : "$!\\n"'`, {
          nspawn: 'Permission denied\n',
          docker: 'opens\n',
          vm: 'Permission denied\n',
        }),
        check('the step is not the first process', '[ $PPID -gt 1 ] && echo more than one before it', 'more than one before it\n'),
        check('groups are not named', 'cut -d : -f 3 /proc/self/cgroup | sort -u', '/\n'),
        check('groups cannot be changed', 'find /sys/fs/cgroup -writable ! -type l 2>/dev/null | head -n 3', ''),
        ...MASKED.map((path) =>
          check(`${path} is empty`, `[ -e ${path} ] || exit 0; cat ${path} 2>/dev/null | wc -c | grep -v "^0$"; true`, ''),
        ),
        check(
          '/proc is not written to',
          'for f in sys/kernel/hostname sysrq-trigger sys/vm/drop_caches; do ( echo 1 > /proc/$f ) 2>/dev/null && echo $f; done; true',
          '',
        ),
        check('/sys is not written to', 'find /sys -maxdepth 3 -writable ! -type l 2>/dev/null | head -n 3', ''),
        check(
          'firmware and memory',
          'ls /sys/firmware/* /proc/kcore 2>/dev/null | grep -v "^/proc/kcore$" | head -n 3; head -c 1 /proc/kcore 2>/dev/null | wc -c',
          '0\n',
        ),
        check(
          'what is mounted over the tree',
          `awk '$2 !~ "^/(proc|sys|dev|run)(/|$)" { sub(".*/work$", "WORK", $2); print $2, $3, substr($4, 1, 2) }' /proc/mounts | sort`,
          {
            nspawn: '/ overlay rw\n/home/agent overlay rw\n/opt overlay rw\n/usr overlay rw\nWORK overlay rw\n',
            docker: /^\/ overlay ro\n(\/etc.*\n){4}(\/\w+ overlay rw\n|\/home\/agent overlay rw\n)+WORK overlay rw\n$/,
            vm: '/ virtiofs rw\n/home/agent virtiofs rw\n/opt virtiofs rw\n/usr virtiofs rw\nWORK virtiofs rw\n',
          },
        ),
        check(
          'nothing is a device or setuid there',
          `awk '$2 !~ "^/(proc|sys|dev|run)(/|$)" && $4 !~ /^ro/ && ($4 !~ /nosuid/ || $4 !~ /nodev/)' /proc/mounts`,
          '',
        ),
        check('an entry of its own in /', refused('touch /x'), {
          nspawn: 'Permission denied\n',
          docker: 'Read-only file system\n',
          vm: 'Permission denied\n',
        }),
        check('no path of the host’s state can be entered', 'ls /var/lib/agent-jail 2>/dev/null; true', ''),
      ],
    },
  ],
  record: [fact('the jail was proved before the step began', (ran) => expect(ran.run.proof?.length).toBeGreaterThan(10))],
};
