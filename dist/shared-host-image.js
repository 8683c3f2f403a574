const { basename, dirname } = process.getBuiltinModule("node:path");
const { fileURLToPath } = process.getBuiltinModule("node:url");
const { setTimeout } = process.getBuiltinModule("node:timers");
const { createHash } = process.getBuiltinModule("node:crypto");
const { closeSync, openSync, readFileSync, writeSync } = process.getBuiltinModule("node:fs");
const { join } = process.getBuiltinModule("node:path");
const { Readable } = process.getBuiltinModule("node:stream");
import {
  noHelper,
  provideHelper,
  startHelper
} from "./shared-remote-helper-image.js";
import {
  Engine,
  messageOf
} from "./shared-system-engine.js";
import {
  lines
} from "./shared-system-lines.js";
import {
  ARCHITECTURES,
  architectureOf
} from "./shared-model-architecture.js";
import {
  withoutEngine
} from "./shared-system-contained.js";
import {
  frame,
  framesOf,
  push,
  readFrames,
  sendArchive,
  sendTree
} from "./shared-remote-frames.js";
import {
  explain
} from "./shared-run-start-warden.js";
import {
  hostName
} from "./shared-host-places.js";
import {
  RECORD
} from "./shared-model-record.js";
import {
  JailError
} from "./shared-model-errors.js";

// src/run/elsewhere.ts

// src/host/image.ts

// src/host/unpack.ts
var OFTEN = 8 << 20;

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

// src/run/far-warden.ts
var LONGEST_LINE = 1 << 20;
var FarWarden = class {
  ended;
  #helper;
  #record;
  #output;
  #wanted = null;
  #abandoned = false;
  #sending;
  #whole = false;
  /** `sending`: what goes before all else. */
  constructor(helper, record, sending = Promise.resolve()) {
    this.#helper = helper;
    this.#record = record;
    this.#sending = sending;
    this.#output = new Readable({ read: () => this.#wanted?.() });
    this.ended = this.#receive();
  }
  send(request) {
    this.#later(() => [...framesOf("input", Buffer.from(`${JSON.stringify(request)}
`))]);
  }
  close() {
    this.#later(() => [frame("inputEnd")]);
  }
  /** The last one, that the run has ended, only where its record has come whole: throws where it has not. */
  async *messages() {
    let last = null;
    try {
      for await (const line of lines(this.#output, LONGEST_LINE)) {
        const message = JSON.parse(line);
        if (message.kind === "ended") last = message;
        else yield message;
      }
    } finally {
      this.#abandoned = true;
      this.#wanted?.();
    }
    if (last === null) return;
    if (!this.#whole) throw new Error("the record did not come whole from the engine");
    if (last.manifest !== null && last.manifest !== digestOf(join(this.#record, "manifest.json")))
      throw new Error("the record that came is not the one that was sealed at the engine");
    yield last;
  }
  /** Removes the container. Never rejects. */
  async giveUp() {
    this.#helper.stdin.destroy();
    await this.#helper.remove();
  }
  /** In order; one that is gone is told of by its end. */
  #later(frames) {
    this.#sending = this.#sending.then(async () => {
      for (const one of frames()) await push(this.#helper.stdin, one);
    }).catch(() => {
    });
  }
  /** Never rejects: what to say of the warden's end, where it said nothing itself. */
  async #receive() {
    let how = "the helper container ended, and nothing came of its warden";
    let file = null;
    const closeFile = () => {
      if (file !== null) closeSync(file);
      file = null;
    };
    try {
      for await (const { kind, payload } of readFrames(this.#helper.stdout)) {
        const document = () => JSON.parse(payload.toString("utf8"));
        if (kind === "output") await this.#show(Buffer.from(payload));
        else if (kind === "bytes" && file !== null) for (let at = 0; at < payload.length; ) at += writeSync(file, payload, at);
        else if (kind === "file") {
          closeFile();
          file = createRecordFile(this.#record, String(document()["name"]));
        } else if (kind === "ended") {
          const { end, errors: errors2 } = document();
          how = explain(String(errors2), String(end));
        } else if (kind === "failed") {
          how = String(document()["message"]);
          break;
        } else if (kind === "recordEnd") {
          this.#whole = true;
          break;
        }
      }
    } catch (error) {
      how = `the helper container is gone: ${error.message}`;
    } finally {
      closeFile();
    }
    const errors = this.#helper.errors();
    await this.giveUp();
    this.#output.push(null);
    return this.#whole || errors === "" ? how : `${how}: ${errors.slice(0, 500)}`;
  }
  /** Waits where nobody reads yet: the warden drops what it shows of a step's output, and this must not keep it. */
  async #show(bytes) {
    if (this.#abandoned || this.#output.push(bytes)) return;
    await new Promise((resolve) => this.#wanted = resolve);
    this.#wanted = null;
  }
};
function createRecordFile(record, name) {
  if (!Object.hasOwn(RECORD, name)) throw new Error(`${JSON.stringify(name)} is no file of a record`);
  return openSync(join(record, name), "wx", 384);
}
function digestOf(file) {
  try {
    return createHash("sha256").update(readFileSync(file)).digest("hex");
  } catch {
    return null;
  }
}

// src/run/elsewhere.ts
var IN = "/var/lib/agent-jail-in";
var FAR_RECORD = `${IN}/record`;
var IMAGE = `${IN}/image`;
var REMEDY = "use an engine of this machine, or `jail.backend: nspawn`";
async function whyElsewhere(choice, container) {
  if (!choice.ok) return null;
  if (!choice.host.startsWith("unix://")) return `the engine is at ${choice.host}`;
  if (container !== null) return `${container}, and the engine is not`;
  const engine = await Engine.connect(choice).catch(() => null);
  return engine?.product === "podman" ? "the engine is Podman, which has no mounts of its own" : null;
}
function refusedElsewhere({ policy, steps }) {
  const kinds = new Set(steps.map(({ setup }) => setup ? "setup" : "agent"));
  const services = [...kinds].flatMap((kind) => policy[kind].network.services);
  if (services.length > 0)
    return `network.services are of this machine's loopback, which an engine elsewhere does not have: ${services.map(({ name }) => name).join(", ")}`;
  if (policy.jail.runtime !== void 0) return "jail.docker.runtime is for an engine of this machine";
  return null;
}
function atEngine(request, why) {
  const { policy, workspace, restore } = request;
  const trees = [];
  const whole = (path2) => void trees.push({ from: path2, only: null, to: path2 });
  const file = (path2) => void trees.push({ from: dirname(path2), only: basename(path2), to: dirname(path2) });
  whole(workspace);
  for (const { source } of policy.mounts) if (!trees.some(({ to }) => to === source)) whole(source);
  const { root } = policy.jail;
  if (root.kind === "directory") whole(root.path);
  if (root.kind === "archive") file(root.path);
  if (restore !== null) file(restore.archive);
  const inTrees = (path2) => trees.some(({ to }) => path2 === to || path2.startsWith(`${to}/`));
  return {
    request: {
      ...request,
      backend: "nspawn",
      elsewhere: why,
      record: FAR_RECORD,
      caller: { uid: 0, gid: 0 },
      engine: { ok: false, message: "the warden is in a helper container", remedy: REMEDY },
      surroundings: {
        ...request.surroundings,
        path: [],
        toolchain: {},
        forbidden: request.surroundings.forbidden.filter(inTrees),
        hidden: request.surroundings.hidden.filter(inTrees)
      }
    },
    trees
  };
}
async function startElsewhere(request, why, container, notice) {
  const refused = refusedElsewhere(request);
  if (refused !== null) throw new JailError(`${why}: ${refused}`, REMEDY);
  const engine = await Engine.connect(request.engine).catch((error) => {
    if (container === null || !(error instanceof JailError)) throw error;
    throw new JailError(`${container}, where no jail can be built, and ${error.message}`, withoutEngine(process.execPath, process.env));
  });
  const none = noHelper((await engine.ask("GET", "/info")).body, process.arch);
  if (none !== null) throw new JailError(`the engine at ${engine.where} ${none}`, REMEDY);
  const far = atEngine(request, why);
  const { root } = request.policy.jail;
  const never = new AbortController().signal;
  const found = root.kind === "image" ? await findImage(engine, root.ref, never) : null;
  const image = await provideHelper(engine, dirname(fileURLToPath(import.meta.url)), notice);
  const helper = await startHelper(engine, request.id, image, [IN, ...far.trees.filter(({ only }) => only === null).map(({ to }) => to)]);
  const { stdin } = helper;
  stdin.on("error", () => {
  });
  const said = {
    protocol: 1,
    trees: [
      ...far.trees.map(({ to }) => ({ to, without: [] })),
      ...found === null ? [] : [{ to: IMAGE, without: ["dev/*", "./dev/*", ...NOT_THE_IMAGES] }]
    ],
    record: FAR_RECORD
  };
  const sending = (async () => {
    await push(stdin, frame("request", JSON.stringify(said)));
    for (const tree of far.trees) await sendTree(tree, stdin);
    if (found !== null)
      await sendArchive(filesOf(engine, found, request.id, `the image ${root.kind === "image" ? root.ref : ""}`, never), stdin);
  })();
  const warden = new FarWarden(helper, request.record, sending);
  try {
    await Promise.race([sending, warden.ended.then((how) => Promise.reject(new JailError(how, REMEDY)))]);
  } catch (error) {
    await warden.giveUp();
    throw error instanceof JailError ? error : new JailError(`the helper at ${engine.where} cannot be spoken to: ${error.message}`, REMEDY);
  }
  return { warden, request: found === null ? far.request : { ...far.request, rootImage: { ...found, tree: IMAGE } } };
}

export {
  whyElsewhere,
  refusedElsewhere,
  atEngine,
  startElsewhere
};
