const { request: httpRequest } = process.getBuiltinModule("node:http");
import {
  JailError
} from "./shared-model-errors.js";

// src/system/engine.ts
var WANTED = "1.44";
var SOCKET = "/var/run/docker.sock";
var LONGEST = 16 << 20;
function socketOf(host) {
  if (host === null || host === "") return SOCKET;
  const path = /^unix:\/\/(\/.+)$/.exec(host)?.[1];
  if (path !== void 0) return path;
  throw new JailError(
    `DOCKER_HOST is ${JSON.stringify(host)}: the engine has to be on this machine, where the layers are`,
    "set DOCKER_HOST to `unix://` and the path of a local socket, or choose `jail.backend: nspawn`"
  );
}
var Engine = class _Engine {
  socket;
  /** Such as `20.10.24`. */
  version;
  #api;
  constructor(socket, version, api) {
    this.socket = socket;
    this.version = version;
    this.#api = api;
  }
  /** Finds out whether it is there, and how it is spoken to. */
  static async connect(host, timeout = 1e4) {
    const socket = socketOf(host);
    const { status, body } = await answer(await send(socket, "GET", "/version", { timeout }));
    const { Version, ApiVersion, MinAPIVersion } = body ?? {};
    if (status !== 200 || typeof Version !== "string" || typeof ApiVersion !== "string")
      throw new JailError(`what answers at ${socket} is no Docker engine`, "set DOCKER_HOST to the socket of a Docker engine");
    const least = typeof MinAPIVersion === "string" ? MinAPIVersion : WANTED;
    const api = older(ApiVersion, WANTED) ? ApiVersion : older(WANTED, least) ? least : WANTED;
    return new _Engine(socket, Version, api);
  }
  /** One question; the answer whatever its status is. `path` begins with `/` and is encoded already. */
  async ask(method, path, ask = {}) {
    return answer(await send(this.socket, method, `/v${this.#api}${path}`, ask));
  }
  /** The same for an answer that is no JSON, such as the tar archive of an export. Throws JailError unless the status is 200. */
  async stream(method, path, ask = {}) {
    const response = await send(this.socket, method, `/v${this.#api}${path}`, { timeout: null, ...ask });
    if (response.statusCode === 200) return response;
    const { status, body } = await answer(response);
    throw new JailError(`the Docker engine: ${messageOf(status, body)}`, "look into the log of the engine");
  }
};
function messageOf(status, body) {
  const said = body?.message;
  return typeof said === "string" && said !== "" ? said.trim().slice(0, 500) : `status ${status}`;
}
function older(a, b) {
  const [left = [], right = []] = [a, b].map((version) => version.split(".").map(Number));
  return left[0] === right[0] ? (left[1] ?? 0) < (right[1] ?? 0) : (left[0] ?? 0) < (right[0] ?? 0);
}
function send(socket, method, path, { body, timeout = 6e4, signal }) {
  const stream = body !== null && typeof body === "object" && "pipe" in body ? body : null;
  const text = body === void 0 || stream !== null ? "" : JSON.stringify(body);
  const type = stream === null ? "application/json" : "application/x-tar";
  return new Promise((resolve, reject) => {
    const late = timeout === null ? null : AbortSignal.timeout(timeout);
    const signals = [late, signal].filter((one) => one !== null && one !== void 0);
    const request = httpRequest({
      socketPath: socket,
      method,
      path,
      headers: { Host: "docker", ...body === void 0 ? {} : { "Content-Type": type } },
      ...signals.length === 0 ? {} : { signal: AbortSignal.any(signals) },
      agent: false
    });
    request.once("response", resolve);
    request.once("error", (error) => reject(unreachable(socket, error, late?.aborted === true)));
    if (stream === null) request.end(text);
    else stream.on("error", (error) => request.destroy(error)).pipe(request);
  });
}
async function answer(response) {
  const chunks = [];
  let length = 0;
  try {
    for await (const chunk of response) {
      length += chunk.length;
      if (length > LONGEST) throw new Error("its answer is too long");
      chunks.push(chunk);
    }
  } catch (error) {
    throw new JailError(`the Docker engine broke off: ${error.message}`, ENGINE_REMEDY, null, { cause: error });
  }
  const status = response.statusCode ?? 0;
  try {
    return { status, body: JSON.parse(Buffer.concat(chunks).toString("utf8")) };
  } catch {
    return { status, body: null };
  }
}
var ENGINE_REMEDY = "start the Docker engine, or choose `jail.backend: nspawn`";
function unreachable(socket, error, late) {
  const why = late ? `the Docker engine at ${socket} does not answer in time` : error.code === "ENOENT" ? `there is no Docker engine: ${socket} is not there` : error.code === "ECONNREFUSED" ? `there is no Docker engine: nobody listens at ${socket}` : `the Docker engine at ${socket} cannot be spoken to: ${error.message}`;
  return new JailError(why, ENGINE_REMEDY, null, { cause: error });
}

export {
  socketOf,
  Engine,
  messageOf,
  older
};
