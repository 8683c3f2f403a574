import { describe, expect, it } from 'vitest';
import { linkImage } from '../../../src/backend/docker-image.ts';
import { librariesOf } from '../../../src/backend/nspawn-program.ts';
import { platformOf } from '../../../src/host/image.ts';
import { JailError } from '../../../src/model/errors.ts';
import { ARCHITECTURES, architectureOf, LARGEST_PAGE } from '../../../src/model/architecture.ts';
import { seccompProfile } from '../../../src/plan/seccomp.ts';
import { requireArchitecture } from '../../../src/run/architecture.ts';
import { read, repositoryFiles } from '../../support/sources.ts';

describe.each([
  ['x64', 'SCMP_ARCH_X86_64', 'amd64', 'x86_64-linux-gnu'],
  ['arm64', 'SCMP_ARCH_AARCH64', 'arm64', 'aarch64-linux-gnu'],
] as const)('%s', (arch, seccomp, image, triplet) => {
  it('has its own filter, images and libraries', () => {
    expect(requireArchitecture(arch)).toBe(arch);
    expect(seccompProfile(arch, 'oci').architectures).toEqual([seccomp]);
    expect(platformOf(arch)).toBe(`linux/${image}`);
    expect(linkImage([], arch).archive.toString('latin1')).toContain(`"architecture":"${image}"`);
    expect(librariesOf('/t')).toEqual(expect.arrayContaining([`/t/usr/lib/${triplet}/systemd`, `/t/lib/${triplet}`]));
  });

  it('has a Node among the packages, of the same version as the other', () => {
    const { optionalDependencies } = JSON.parse(read('package.json')) as { optionalDependencies: Record<string, string> };
    const { packages } = JSON.parse(read('package-lock.json')) as { packages: Record<string, { version: string; cpu?: unknown }> };
    const name = `node-linux-${arch}`;
    expect(Object.keys(optionalDependencies)).toContain(name);
    expect(new Set(Object.values(optionalDependencies)).size).toBe(1);
    expect(packages[`node_modules/${name}`]).toMatchObject({ version: optionalDependencies[name], optional: true });
    expect([packages[`node_modules/${name}`]?.cpu].flat()).toEqual([arch]);
  });
});

it('there are no others: a jail is refused there, and no filter guessed', () => {
  expect(Object.keys(ARCHITECTURES)).toEqual(['x64', 'arm64']);
  for (const arch of ['ia32', 'arm', 'riscv64', 's390x', '', 'toString']) {
    expect(architectureOf(arch)).toBeNull();
    expect(() => requireArchitecture(arch)).toThrow(JailError);
    expect(() => requireArchitecture(arch)).toThrow(`the jail's system call filter is not made for ${arch}`);
  }
});

it('a limit in whole pages is one for every size of a page that there is', () => {
  for (const page of [4096, 16_384, 65_536]) expect(LARGEST_PAGE % page).toBe(0);
});

it('names of architectures stand in the table, and nowhere else in what is shipped', () => {
  const odd = repositoryFiles()
    .filter((path) => path.startsWith('src/') && path.endsWith('.ts') && path !== 'src/model/architecture.ts')
    .filter((path) => /'(?:x64|arm64|amd64|x86_64[\w-]*|aarch64[\w-]*|SCMP_ARCH_\w+)'/.test(read(path)));
  expect(odd).toEqual([]);
});
