import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Canaries } from '../support/canaries.ts';
import { inventory } from '../support/inventory.ts';
import { git, jailed, temporary } from '../support/jail.ts';

const LIMITS = 'limits: { disk: 64MiB, memory: 512MiB, time: 1m }';
/** Every file that can be read below directories (records of earlier runs aside), and the settings that git finds there. */
const read = (...directories: readonly string[]): string =>
  directories
    .map((path) => `find ${path} -name 'record-*' -prune -o -type f -exec cat {} +; git -C ${path} config --list || true`)
    .join('\n');

test('what `hide` hides is not seen through a mount around the workspace, or of a part of it', async () => {
  using place = temporary();
  await using planted = await Canaries.plant(place.path);
  const { work } = planted;
  mkdirSync(join(work, 'src/private'));
  writeFileSync(join(work, 'src/private/file'), `${planted.hide('a file in a directory that is hidden')}\n`);
  for (const path of ['.env', 'src/.env', 'src/two words.pem'])
    writeFileSync(join(work, path), `${planted.hide(`${path} of the workspace`)}\n`);
  const mounts = `mounts: [${place.path}, { source: ${work}/src, target: /mnt/src }, { source: ${work}, target: /mnt/work, access: copy-on-write }]`;
  const script = read(place.path, '/mnt/src', '/mnt/work');
  const run = async (hide: string): Promise<string[]> => {
    const ran = await jailed(place.path, script, { policy: `${LIMITS}\n${mounts}\nworkspace: { hide: [${hide}] }\n` });
    expect(ran.code, ran.stderr).toBe(0);
    // All three ways lead to files of the workspace.
    expect(ran.transcript.match(/^one$/gm)).toHaveLength(2);
    expect(ran.transcript.match(/^b$/gm)).toHaveLength(3);
    return planted.foundIn(ran.transcript);
  };
  // The mounts list what lies around the workspace: that is seen. Git's credentials are not, nor what was hidden.
  const given = ['a file beside the workspace', 'a file in the directory above the workspace', 'a file in a mount'];
  const hidden = [
    'a file in a directory that is hidden',
    '.env of the workspace',
    'src/.env of the workspace',
    'src/two words.pem of the workspace',
  ];
  expect(await run('.env, "*.pem", private/')).toEqual(given);
  expect(await run('')).toEqual([...given, ...hidden]);
});

test('git directories in a mount keep their history and lose their credentials', async () => {
  using place = temporary();
  await using planted = await Canaries.plant(place.path);
  const listed = join(place.path, 'listed');
  git(place.path, 'clone', '--quiet', planted.work, join(listed, 'clone'));
  git(place.path, 'clone', '--quiet', '--bare', planted.work, join(listed, 'bare'));
  git(place.path, 'clone', '--quiet', '--mirror', planted.work, join(listed, 'deep/er/mirror.git'));
  const checkouts = [join(listed, 'clone/.git'), join(listed, 'bare'), join(listed, 'deep/er/mirror.git')];
  for (const at of checkouts) {
    git(place.path, '--git-dir', at, 'config', 'http.extraheader', `X: ${planted.hide(`a header in ${at}`)}`);
    git(place.path, '--git-dir', at, 'config', 'remote.origin.url', `https://u:${planted.hide(`a remote in ${at}`)}@github.com/octo/repo`);
  }
  const before = inventory(listed);
  const directories = ['clone', 'bare', 'deep/er/mirror.git'].map((name) => join('/mnt/listed', name));
  const ran = await jailed(place.path, `${read(...directories)}\nfor at in ${directories.join(' ')}; do git -C $at show HEAD:a.txt; done`, {
    policy: `${LIMITS}\nmounts: [{ source: ${listed}, target: /mnt/listed }]\n`,
  });
  expect(ran.transcript.match(/^remote\.origin\.url=https:\/\/github\.com\/octo\/repo$/gm), ran.stderr + ran.transcript).toHaveLength(3);
  expect(ran.transcript).toMatch(/(one\ntwo\nthree\n){3}$/);
  expect(planted.foundIn(ran.transcript)).toEqual([]);
  expect(inventory(listed)).toEqual(before);
});

test('no mount takes a place of the jail itself', async () => {
  using place = temporary();
  await using planted = await Canaries.plant(place.path);
  for (const target of ['/run', '/run/agent-jail', '/run/host/x', '/proc/self', '/sys', '/dev/shm']) {
    const ran = await jailed(place.path, 'echo ran', { policy: `${LIMITS}\nmounts: [{ source: ${planted.beside}, target: ${target} }]\n` });
    expect([ran.code, ran.transcript, ran.stderr]).toEqual([
      2,
      '',
      expect.stringMatching(`^.*:2:\\d+: mounts\\[0\\]\\.target: "${target}" is `),
    ]);
  }
});
