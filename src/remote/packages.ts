/** What the helper's image is made of: Debian packages of this machine, with what they depend on. */
export const WANTED = [
  'base-files', 'base-passwd', 'bash', 'bzip2', 'ca-certificates', 'coreutils', 'dash', 'diffutils', 'e2fsprogs', 'findutils', 'git', 'grep',
  'gzip', 'hostname', 'iproute2', 'libc-bin', 'mawk', 'mount', 'perl-base', 'sed', 'tar', 'util-linux', 'xz-utils', 'zstd',
] as const; // biome-ignore format: a list
/** What they depend on, and the helper has no use for: documentation, and what only parts of them need that nothing here runs. */
const WITHOUT: ReadonlySet<string> = new Set(['debconf', 'git-man', 'liberror-perl', 'openssl', 'perl']);

/** Pure: `told` is what dpkg-query(1) prints of all packages as `PACKAGE<tab>VERSION<tab>DEPENDS`. The packages, with their versions, by name. */
export function closure(
  told: string,
  wanted: readonly string[] = WANTED,
): { readonly found: ReadonlyMap<string, string>; readonly missing: readonly string[] } {
  const known = new Map<string, { readonly version: string; readonly needs: readonly (readonly string[])[] }>();
  for (const line of told.split('\n')) {
    const [name = '', version = '', depends = ''] = line.split('\t');
    if (name === '' || version === '') continue;
    const needs = depends.split(',').map((group) => group.split('|').map((one) => one.trim().replace(/[\s:(].*$/, '')));
    known.set(name, { version, needs });
  }
  const found = new Map<string, string>();
  const visit = (name: string): void => {
    const seen = known.get(name);
    if (seen === undefined || found.has(name) || WITHOUT.has(name)) return;
    found.set(name, seen.version);
    for (const group of seen.needs) {
      const there = group.find((one) => known.has(one));
      if (there !== undefined) visit(there);
    }
  };
  for (const name of wanted) visit(name);
  return { found: new Map([...found].sort(([a], [b]) => (a < b ? -1 : 1))), missing: wanted.filter((name) => !known.has(name)) };
}

/** Pure: whether a file of a package goes into the image. */
export const isNeeded = (path: string): boolean =>
  !/^\/(?:usr\/share\/(?:doc|man|info|locale|lintian|bug|zoneinfo)|var\/cache)(?:\/|$)/.test(path);

/** Pure: libraries that ldd(1) says a program loads. */
export const librariesIn = (told: string): string[] => [...told.matchAll(/(?:=> |^\s*)(\/\S+) \(0x/gm)].map(([, path]) => path ?? '');
