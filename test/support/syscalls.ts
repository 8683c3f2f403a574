import { read } from './sources.ts';

export type Arch = 'x64' | 'arm64';

/** Numbers of the kernel's system calls: name to number, of both machines. */
export const SYSCALLS: Readonly<Record<Arch, ReadonlyMap<string, number>>> = (() => {
  const lines = read('test/fixtures/syscalls.txt')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.split(' '));
  const column = (at: number): Map<string, number> =>
    new Map(lines.flatMap((line) => (line[at] === '-' ? [] : [[line[0] ?? '', Number(line[at])]])));
  return { x64: column(1), arm64: column(2) };
})();

/** What no process of a jail may call, whatever the arguments, by what it would reach. */
export const REFUSED: Readonly<Record<string, readonly string[]>> = {
  mounts: ['mount', 'umount2', 'pivot_root', 'chroot', 'fsopen', 'fsconfig', 'fsmount', 'fspick', 'open_tree', 'open_tree_attr', 'move_mount',
    'mount_setattr', 'statmount', 'listmount'],
  namespaces: ['setns'],
  'programs in the kernel, and its events': ['bpf', 'perf_event_open', 'userfaultfd', 'io_uring_setup', 'io_uring_enter', 'io_uring_register',
    'fanotify_init', 'fanotify_mark', 'lookup_dcookie'],
  keys: ['keyctl', 'add_key', 'request_key'],
  'other processes': ['ptrace', 'process_vm_readv', 'process_vm_writev', 'pidfd_getfd', 'kcmp', 'process_madvise'],
  'files by handle': ['open_by_handle_at', 'file_getattr', 'file_setattr'],
  'the machine': ['reboot', 'swapon', 'swapoff', 'acct', 'settimeofday', 'clock_settime', 'sethostname', 'setdomainname', 'quotactl', 'quotactl_fd',
    'syslog', 'vhangup', 'iopl', 'ioperm', 'modify_ldt'],
  modules: ['init_module', 'finit_module', 'delete_module', 'kexec_load', 'kexec_file_load', 'create_module', 'query_module', 'get_kernel_syms'],
  'where memory lies': ['mbind', 'get_mempolicy', 'set_mempolicy', 'set_mempolicy_home_node', 'migrate_pages', 'move_pages'],
  'security modules': ['lsm_get_self_attr', 'lsm_set_self_attr', 'lsm_list_modules'],
  'what nobody uses any more': ['_sysctl', 'afs_syscall', 'epoll_ctl_old', 'epoll_wait_old', 'getpmsg', 'putpmsg', 'nfsservctl', 'security', 'sysfs',
    'tuxcall', 'uselib', 'ustat', 'vserver'],
}; // biome-ignore format: lists
