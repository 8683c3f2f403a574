const { StringDecoder } = process.getBuiltinModule("node:string_decoder");
import {
  WardenProcess,
  keep,
  keeps,
  takeKept
} from "./shared-run-warden-process.js";
import {
  contained
} from "./shared-system-contained.js";
import {
  HERE
} from "./shared-system-platform.js";
import {
  JailError
} from "./shared-model-errors.js";

// src/run/early.ts
var EARLY = /* @__PURE__ */ Symbol.for("agent-jail.early-warden");
var left = globalThis;
function takeEarly() {
  const warden = left[EARLY] ?? null;
  delete left[EARLY];
  return warden;
}

// src/run/events.ts
var CHUNK = 1 << 16;
var EventReader = class {
  #step = -1;
  #decoder = new StringDecoder("utf8");
  read(line) {
    if (line.kind !== "output") return line;
    if (line.step !== this.#step || line.dropped > 0) this.#decoder = new StringDecoder("utf8");
    this.#step = line.step;
    const { base64, ...event } = line;
    return { ...event, text: this.#decoder.write(Buffer.from(base64, "base64")) };
  }
};

// src/run/client.ts
var PATIENCE = 10 * 6e4;
var waiting = null;
function startWarden(backend) {
  if (HERE.jails) waiting ??= takeEarly() ?? new WardenProcess("run", backend);
}
function announceRoot(root) {
  if (root.kind === "image" || root.kind === "archive") waiting?.send({ kind: "ahead", root });
}
function announceEngine(engine) {
  if (engine.ok && engine.host.startsWith("unix://")) waiting?.send({ kind: "engine", engine: withoutKeys(engine) });
}
async function dismissWarden() {
  const warden = waiting ?? takeEarly();
  waiting = null;
  warden?.close();
  await warden?.ended;
}
async function runJail(request, observe, cancel, from = { here: HERE, dist: import.meta.dirname }) {
  let found;
  try {
    found = await wardenFor(request, from, (message) => observe({ seq: -1, t: 0, kind: "notice", message }));
  } catch (error) {
    if (!(error instanceof JailError)) throw error;
    const { finish: finish2 } = await import("./finish.js");
    const result2 = await finish2(request.record, error.message);
    return result2.end.how === "error" ? { ...result2, end: { ...result2.end, remedy: error.remedy } } : result2;
  }
  const { warden } = found;
  const onCancel = () => {
    warden.send({ kind: "cancel", by: cancel.reason instanceof Error ? cancel.reason.message : "a signal" });
    setTimeout(() => warden.close(), PATIENCE).unref();
  };
  warden.send(found.request);
  if (cancel.aborted) onCancel();
  cancel.addEventListener("abort", onCancel);
  let result = null;
  const reader = new EventReader();
  const messages = warden.messages();
  try {
    for (let next = await messages.next(); next.done !== true; next = await messages.next()) {
      const event = reader.read(next.value);
      observe(event);
      if (event.kind !== "ended") continue;
      const { end, outcome, because, manifest, counts } = event;
      result = { end, outcome, because, manifest, counts, record: request.record };
      if (found.request.stay !== true) continue;
      if (end.how !== "error" && !cancel.aborted && keep(warden, request.backend)) return result;
      warden.close();
    }
  } catch (error) {
    result = null;
    await messages.return(void 0);
    observe({ seq: -1, t: 0, kind: "notice", message: `the warden's events could not be read: ${error.message}` });
  } finally {
    cancel.removeEventListener("abort", onCancel);
  }
  warden.close();
  const how = await warden.ended;
  if (result !== null && result.end.how !== "error") return result;
  if (found.request.elsewhere === void 0)
    for (const message of await sweepAfter(request.id, how)) observe({ seq: -1, t: 0, kind: "notice", message });
  if (result !== null) return result;
  const { finish } = await import("./finish.js");
  return finish(request.record, how);
}
async function wardenFor(request, from, notice) {
  const container = contained(process.execPath, process.env);
  if (request.backend === "docker" || request.backend === "auto" && container !== null) {
    const { whyElsewhere } = await import("./why-elsewhere.js");
    const why = await whyElsewhere(request.engine, container, from.here);
    if (why !== null) {
      const [{ startElsewhere }] = await Promise.all([import("./elsewhere.js"), dismissWarden()]);
      return startElsewhere(request, why, container, from, notice);
    }
  }
  const stay = keeps(request.backend);
  const warden = await takeKept(request.backend) ?? waiting ?? new WardenProcess("run", request.backend);
  waiting = null;
  return { warden, request: { ...request, engine: withoutKeys(request.engine), ...stay ? { stay } : {} } };
}
var withoutKeys = (engine) => engine.ok && engine.tls !== null ? { ...engine, tls: { ca: null, cert: null, key: null } } : engine;
async function sweepAfter(id, how) {
  const left2 = await sweep(id).then(
    (swept) => swept.left.map(({ why }) => why),
    // What lets no warden start here is known already.
    (error) => [error.message].filter((why) => why !== how)
  );
  return left2.map(
    (why) => `this run left something that could not be removed: ${why}; the next run, or \`agent-jail doctor --clean\`, tries again`
  );
}
async function sweep(id) {
  if (!HERE.jails) return { removed: [], live: [], left: [] };
  const warden = new WardenProcess("sweep");
  warden.send({ kind: "sweep", protocol: 1, id });
  warden.close();
  let answer = null;
  for await (const message of warden.messages()) answer = message;
  const how = await warden.ended;
  if (answer === null) throw new Error(how);
  return answer;
}

export {
  startWarden,
  announceRoot,
  announceEngine,
  dismissWarden,
  runJail,
  sweep
};
