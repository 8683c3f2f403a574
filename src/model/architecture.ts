/** What differs between the machines that jails are made on, by Node's name of the architecture (`process.arch`). */
export const ARCHITECTURES = {
  x64: {
    /** libseccomp, as the OCI runtime specification has it. */
    seccomp: 'SCMP_ARCH_X86_64',
    /** Of images (OCI image specification, `GOARCH`). */
    image: 'amd64',
    /** Directory of libraries in Debian and Ubuntu. */
    triplet: 'x86_64-linux-gnu',
    /** As engines say it (`GET /info`): Docker by uname(2), Podman as images do. */
    engine: ['x86_64', 'amd64'],
  },
  arm64: { seccomp: 'SCMP_ARCH_AARCH64', image: 'arm64', triplet: 'aarch64-linux-gnu', engine: ['aarch64', 'arm64'] },
} as const;
export type Architecture = keyof typeof ARCHITECTURES;

/** null: jails are not made there. A guess would be a filter of another machine's system calls. */
export const architectureOf = (arch: string): Architecture | null => (Object.hasOwn(ARCHITECTURES, arch) ? (arch as Architecture) : null);
export const ARCHITECTURE_NAMES = Object.keys(ARCHITECTURES).join(' or ');
/** Largest page of memory that a kernel of these may have: limits in whole ones of it are kept as they are by all (arm64: 4, 16, 64 KiB). */
export const LARGEST_PAGE = 1 << 16;
