const { setTimeout } = process.getBuiltinModule("node:timers");
import {
  messageOf
} from "./shared-system-engine.js";
import {
  requireRoot,
  unpack
} from "./shared-host-unpack.js";
import {
  ARCHITECTURES,
  architectureOf
} from "./shared-model-architecture.js";
import {
  lines
} from "./shared-system-lines.js";
import {
  hostName
} from "./shared-host-places.js";
import {
  JailError
} from "./shared-model-errors.js";

// src/host/image.ts
var SILENCE = 12e4;
var CREATION = 6e5;
var PULL = "check the name; where it needs a login, or is slow: `docker login` and `docker pull` in an earlier step";
var LABEL = "agent-jail.run";
async function findImage(engine, ref, signal) {
  let seen = await inspect(engine, ref);
  if (seen === null) {
    if (isId(ref)) throw new JailError(`the image ${ref} is not there: the engine has none of this id`, "give a name, which can be pulled");
    await pull(engine, ref, signal);
    seen = await inspect(engine, ref);
  }
  if (seen === null) throw new JailError(`the image ${ref} is not there, though it was pulled`, PULL);
  const { Id, Architecture, Os, Config } = seen;
  const id = /^sha256:([0-9a-f]{64})$/.exec(String(Id))?.[1];
  if (id === void 0)
    throw new JailError(`the image ${ref} has no id that could be used: ${JSON.stringify(Id)}`, "update the Docker engine");
  const wanted = platformOf(process.arch);
  const found = `${text(Os) || "linux"}/${text(Architecture) || wanted.slice("linux/".length)}`;
  if (found !== wanted)
    throw new JailError(
      `the image ${ref} is for ${found}, this machine is ${wanted}`,
      `use an image for ${wanted}, such as one of many platforms`
    );
  const config = Config ?? {};
  return { id, env: Array.isArray(config.Env) ? config.Env.map(String) : [], directory: text(config.WorkingDir) };
}
var NOT_THE_IMAGES = [".dockerenv"];
async function exportImage(engine, image, run, { what, into, room, signal }) {
  await unpack(filesOf(engine, image, run, what, signal), { what, into, room, signal, without: NOT_THE_IMAGES, remedy: ROOM });
  requireRoot(into, what);
}
async function* filesOf(engine, { id }, run, what, signal) {
  const name = `${hostName(run)}-root`;
  const asked = { Image: `sha256:${id}`, Entrypoint: [], Cmd: ["/bin/sh"], NetworkDisabled: true, Labels: { [LABEL]: run } };
  try {
    const made = await engine.ask("POST", `/containers/create?name=${name}`, { body: asked, timeout: CREATION });
    if (made.status !== 201)
      throw new JailError(`${what} could not be unpacked: no container could be made of it: ${messageOf(made.status, made.body)}`, ROOM);
    yield* chunksOf(await engine.stream("GET", `/containers/${name}/export`, { signal }), what);
  } finally {
    await removeContainer(engine, name);
  }
}
var ROOM = "look into the log of the Docker engine, and at the space that it has";
async function removeContainer(engine, name) {
  const { status, body } = await engine.ask("DELETE", `/containers/${name}?force=1&v=1`);
  if (status !== 204 && status !== 404)
    throw new JailError(`the container ${name} could not be removed: ${messageOf(status, body)}`, `\`docker rm --force ${name}\``);
}
async function inspect(engine, ref) {
  const { status, body } = await engine.ask("GET", `/images/${path(ref)}/json`);
  if (status === 200) return body;
  if (status === 404) return null;
  throw new JailError(`the image ${ref} could not be looked at: ${messageOf(status, body)}`, "give a name, a digest or an id of an image");
}
async function pull(engine, ref, signal) {
  const failed = (why) => new JailError(`the image ${ref} could not be pulled: ${why}`, PULL);
  const { name, tag } = split(ref);
  const silent = new AbortController();
  const timer = setTimeout(() => silent.abort(), SILENCE);
  try {
    const query = `fromImage=${encodeURIComponent(name)}&tag=${encodeURIComponent(tag)}`;
    const said = await engine.stream("POST", `/images/create?${query}`, { signal: AbortSignal.any([signal, silent.signal]) });
    for await (const line of lines(said, 1 << 20)) {
      timer.refresh();
      const { error } = JSON.parse(line);
      if (error !== void 0) throw failed(error.slice(0, 500));
    }
  } catch (error) {
    signal.throwIfAborted();
    if (silent.signal.aborted) throw failed(`the engine said nothing for ${SILENCE / 1e3} s`);
    if (error instanceof JailError) throw error.message.startsWith("the image") ? error : failed(error.message);
    throw failed(error.message);
  } finally {
    clearTimeout(timer);
  }
}
async function* chunksOf(stream, what) {
  try {
    yield* stream;
  } catch (error) {
    throw new JailError(`${what} could not be unpacked: the Docker engine broke off: ${error.message}`, "run again", null, {
      cause: error
    });
  }
}
function platformOf(arch) {
  const known = architectureOf(arch);
  return `linux/${known === null ? arch : ARCHITECTURES[known].image}`;
}
function split(ref) {
  const [named = "", digest] = ref.split("@");
  const colon = named.indexOf(":", named.lastIndexOf("/") + 1);
  const [name, tag] = colon === -1 ? [named, "latest"] : [named.slice(0, colon), named.slice(colon + 1)];
  return { name, tag: digest ?? tag };
}
var isId = (ref) => ref.startsWith("sha256:");
var path = (ref) => ref.split("/").map(encodeURIComponent).join("/");
var text = (value) => typeof value === "string" ? value : "";

export {
  findImage,
  NOT_THE_IMAGES,
  exportImage,
  filesOf,
  platformOf,
  split
};
