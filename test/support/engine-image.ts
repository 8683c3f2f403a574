import { Readable } from 'node:stream';
import { Engine, messageOf } from '../../src/system/engine.ts';
import { LABEL } from './engine-setup.ts';

/** The engine of the tests. */
export const testEngine = async (): Promise<Engine> => Engine.connect(process.env['DOCKER_HOST'] ?? null);

/** Makes an image of a tar archive, as `docker import` does. Gone with the disposal. */
export async function imported(name: string, archive: Buffer, changes: readonly string[] = []): Promise<AsyncDisposable> {
  const engine = await testEngine();
  const said = [`LABEL ${LABEL}=1`, ...changes].map((change) => `&changes=${encodeURIComponent(change)}`).join('');
  const { status, body } = await engine.ask('POST', `/images/create?fromSrc=-&repo=${encodeURIComponent(name)}${said}`, {
    body: Readable.from([archive]),
  });
  if (status !== 200) throw new Error(`the import of ${name}: ${messageOf(status, body)}`);
  return { [Symbol.asyncDispose]: async () => void (await engine.ask('DELETE', `/images/${name}?force=1`)) };
}

/** Makes a container and does not start it; its id. Gone with the disposal. */
export async function created(image: string, name: string): Promise<AsyncDisposable & { readonly id: string }> {
  const engine = await testEngine();
  const { status, body } = await engine.ask('POST', `/containers/create?name=${name}`, {
    body: { Image: image, Cmd: ['/none'], Labels: { [LABEL]: '1' }, HostConfig: { NetworkMode: 'none' } },
  });
  if (status !== 201) throw new Error(`a container of ${image}: ${messageOf(status, body)}`);
  const id = (body as { Id: string }).Id;
  return { id, [Symbol.asyncDispose]: async () => void (await engine.ask('DELETE', `/containers/${id}?force=1`)) };
}
