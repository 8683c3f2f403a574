import type { Architecture } from '../model/architecture.ts';
import type { HostPath } from '../model/names.ts';

/** What a virtual machine of an architecture differs in. */
export interface VmArchitecture {
  readonly qemu: HostPath;
  /** Its package, and that of a kernel made for machines: of Debian, of Ubuntu. */
  readonly packages: { readonly qemu: string; readonly debian: string; readonly ubuntu: string };
  /** QEMU's `-machine`, without what all have. */
  readonly machine: string;
  /** QEMU's `-cpu` where it emulates. */
  readonly cpu: string;
  /**
   * Flags of /proc/cpuinfo, one of which a processor has that runs other kernels by KVM; null: nothing there tells. Where it has none,
   * /dev/kvm is of a hypervisor for kernels that are made for it (PVM): QEMU starts, and any other kernel hangs.
   */
  readonly virtualizes: readonly string[] | null;
  /** Of the kernel's command line: its console, and what only this kernel knows. */
  readonly console: string;
  readonly kernel: readonly string[];
  /** AUDIT_ARCH (linux/audit.h): how a filter tells calls of this machine. */
  readonly audit: number;
  /** First number of another ABI's calls, which a filter cannot tell otherwise; null: there is none. */
  readonly otherAbi: number | null;
}

export const VM_ARCHITECTURES: Readonly<Record<Architecture, VmArchitecture>> = {
  x64: {
    qemu: '/usr/bin/qemu-system-x86_64' as HostPath,
    packages: { qemu: 'qemu-system-x86', debian: 'linux-image-cloud-amd64', ubuntu: 'linux-image-virtual' },
    machine: 'q35,usb=off,vmport=off',
    cpu: 'max',
    virtualizes: ['vmx', 'svm'],
    console: 'ttyS0',
    // It ends by a fault, which QEMU takes for the end; a timer that is late on a busy machine is not taken for a broken one, as with KVM;
    // no keyboard is looked for.
    kernel: ['reboot=t', 'no_timer_check', 'i8042.nokbd', 'i8042.noaux'],
    audit: 0xc000_003e,
    otherAbi: 0x4000_0000,
  },
  arm64: {
    qemu: '/usr/bin/qemu-system-aarch64' as HostPath,
    packages: { qemu: 'qemu-system-arm', debian: 'linux-image-cloud-arm64', ubuntu: 'linux-image-virtual' },
    // The newest interrupt controller that there is for the processor: the default has eight processors at the most.
    machine: 'virt,gic-version=max',
    // The authentication of pointers as its algorithm says would take most of the time.
    cpu: 'max,pauth-impdef=on',
    virtualizes: null,
    console: 'ttyAMA0',
    kernel: [],
    audit: 0xc000_00b7,
    otherAbi: null,
  },
};

/** What is to be done where something is missing. */
export const installOf = ({ packages: { qemu, debian, ubuntu } }: VmArchitecture): string =>
  `run \`apt-get install ${qemu} ${debian}\`, on Ubuntu \`apt-get install ${qemu} virtiofsd ${ubuntu}\``;
