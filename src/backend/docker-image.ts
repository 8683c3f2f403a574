import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { ARCHITECTURES, type Architecture } from '../model/architecture.ts';
import { JailError } from '../model/errors.ts';
import { type Engine, messageOf } from '../system/engine.ts';
import { BLOCK, padding, type TarEntry, tarHeader } from '../system/tar.ts';
import type { RootEntry } from './docker-container.ts';

const NAME = 'agent-jail-root';

/** An image of nothing but the links of the jail's `/`: what is mounted in its containers is the jail. */
export interface LinkImage {
  readonly name: string;
  /** An archive that the engine loads (`docker load`): the same bytes for the same links, so that two runs make one image. */
  readonly archive: Buffer;
}

/** Pure. */
export function linkImage(entries: readonly RootEntry[], arch: Architecture): LinkImage {
  const links = entries.flatMap((entry) => (entry.kind === 'link' ? [entry] : []));
  const layer = tar(links.map(({ name, target }) => ({ entry: symlink(name, target), content: Buffer.alloc(0) })));
  const config = json({
    architecture: ARCHITECTURES[arch].image,
    os: 'linux',
    created: '1970-01-01T00:00:00Z',
    config: { Labels: { 'agent-jail.image': 'root' } },
    rootfs: { type: 'layers', diff_ids: [`sha256:${sha256(layer)}`] },
    history: [{ created: '1970-01-01T00:00:00Z', comment: 'agent-jail' }],
  });
  const name = `${NAME}:${sha256(config).slice(0, 16)}`;
  const configName = `${sha256(config)}.json`;
  const manifest = json([{ Config: configName, RepoTags: [name], Layers: ['layer.tar'] }]);
  const archive = tar([
    { entry: file(configName, config.length), content: config },
    { entry: file('layer.tar', layer.length), content: layer },
    { entry: file('manifest.json', manifest.length), content: manifest },
  ]);
  return { name, archive };
}

/** Makes sure the engine has it. Throws JailError. */
export async function provide(engine: Engine, { name, archive }: LinkImage): Promise<void> {
  if ((await engine.ask('GET', `/images/${name}/json`)).status === 200) return;
  const { status, body } = await engine.ask('POST', '/images/load?quiet=1', { body: Readable.from([archive]) });
  if (status === 200 && (await engine.ask('GET', `/images/${name}/json`)).status === 200) return;
  throw new JailError(
    `the Docker engine does not take the image of the jail's root: ${messageOf(status, body)}`,
    'look into the log of the engine',
  );
}

function tar(files: readonly { readonly entry: TarEntry; readonly content: Buffer }[]): Buffer {
  return Buffer.concat([
    ...files.flatMap(({ entry, content }) => [tarHeader(entry), content, padding(content.length)]),
    Buffer.alloc(2 * BLOCK),
  ]);
}
const file = (name: string, size: number): TarEntry => ({
  name: Buffer.from(name),
  type: 'file',
  mode: 0o644,
  uid: 0,
  gid: 0,
  size,
  mtime: 0,
  link: null,
});
const symlink = (name: string, target: string): TarEntry => ({
  ...file(name, 0),
  type: 'symlink',
  mode: 0o777,
  link: Buffer.from(target),
});
const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));
const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
