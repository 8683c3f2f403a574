const { connect } = process.getBuiltinModule("node:net");
const { addAbortSignal } = process.getBuiltinModule("node:stream");
import {
  JailError
} from "./shared-model-errors.js";

// src/system/engine.ts
var WANTED = "1.44";
var KNOWN = "1.54";
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
    const pinged = greeting((await exchange(socket, "GET", "/_ping", { timeout })).head);
    if (pinged !== null) return new _Engine(socket, pinged.version, older(pinged.api, WANTED) ? pinged.api : WANTED);
    const { status, body } = await exchange(socket, "GET", "/version", { timeout });
    const { Version, ApiVersion, MinAPIVersion } = body ?? {};
    if (status !== 200 || typeof Version !== "string" || typeof ApiVersion !== "string")
      throw new JailError(`what answers at ${socket} is no Docker engine`, "set DOCKER_HOST to the socket of a Docker engine");
    const least = typeof MinAPIVersion === "string" ? MinAPIVersion : WANTED;
    const api = older(ApiVersion, WANTED) ? ApiVersion : older(WANTED, least) ? least : WANTED;
    return new _Engine(socket, Version, api);
  }
  /** One question; the answer whatever its status is. `path` begins with `/` and is encoded already. */
  async ask(method, path, ask = {}) {
    const whole = `/v${this.#api}${path}`;
    if (isStream(ask.body)) return answer(await send(this.socket, method, whole, ask));
    const { status, body } = await exchange(this.socket, method, whole, ask);
    return { status, body };
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
function greeting(head) {
  const version = /^server: *Docker\/(\S+)/im.exec(head)?.[1];
  const api = /^api-version: *(\d+\.\d+)/im.exec(head)?.[1];
  return version === void 0 || api === void 0 || older(KNOWN, api) ? null : { version, api };
}
function older(a, b) {
  const [left = [], right = []] = [a, b].map((version) => version.split(".").map(Number));
  return left[0] === right[0] ? (left[1] ?? 0) < (right[1] ?? 0) : (left[0] ?? 0) < (right[0] ?? 0);
}
var isStream = (body) => body !== null && typeof body === "object" && "pipe" in body;
async function exchange(socket, method, path, { body, timeout = 6e4, signal }) {
  if (!/^[!-~]+$/.test(path)) throw new Error(`not a path of the engine's: ${path}`);
  const text = body === void 0 ? "" : JSON.stringify(body);
  const content = body === void 0 ? [] : ["Content-Type: application/json", `Content-Length: ${Buffer.byteLength(text)}`];
  const { late, any } = until(timeout, signal);
  const connection = connect(socket);
  if (any !== null) addAbortSignal(any, connection);
  connection.write([`${method} ${path} HTTP/1.0`, "Host: docker", ...content, "", text].join("\r\n"));
  const chunks = [];
  let length = 0;
  try {
    for await (const chunk of connection) {
      length += chunk.length;
      if (length > LONGEST) throw brokeOff(new Error("its answer is too long"));
      chunks.push(chunk);
    }
  } catch (error) {
    if (error instanceof JailError) throw error;
    if (length > 0 && late?.aborted !== true) throw brokeOff(error);
    throw unreachable(socket, error, late?.aborted === true);
  }
  const whole = Buffer.concat(chunks);
  const end = whole.indexOf("\r\n\r\n");
  const head = whole.subarray(0, Math.max(end, 0)).toString("latin1");
  const status = /^HTTP\/1\.[01] (\d{3})/.exec(head)?.[1];
  if (status === void 0) throw brokeOff(new Error("its answer is not HTTP"));
  const received = whole.subarray(end + 4);
  const announced = /^content-length: *(\d+)/im.exec(head)?.[1];
  if (announced !== void 0 && Number(announced) !== received.length && method !== "HEAD")
    throw brokeOff(new Error("its answer is cut off"));
  return { status: Number(status), body: parsed(received), head };
}
function until(timeout, signal) {
  const late = timeout === null ? null : AbortSignal.timeout(timeout);
  const signals = [late, signal].filter((one) => one !== null && one !== void 0);
  return { late, any: signals.length === 0 ? null : AbortSignal.any(signals) };
}
async function send(socket, method, path, { body, timeout = 6e4, signal }) {
  const { request: httpRequest } = await import("node:http");
  const stream = isStream(body) ? body : null;
  const text = body === void 0 || stream !== null ? "" : JSON.stringify(body);
  const type = stream === null ? "application/json" : "application/x-tar";
  const { late, any } = until(timeout, signal);
  return new Promise((resolve, reject) => {
    const request = httpRequest({
      socketPath: socket,
      method,
      path,
      headers: { Host: "docker", ...body === void 0 ? {} : { "Content-Type": type } },
      ...any === null ? {} : { signal: any },
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
    throw brokeOff(error);
  }
  return { status: response.statusCode ?? 0, body: parsed(Buffer.concat(chunks)) };
}
function parsed(bytes) {
  try {
    return JSON.parse(bytes.toString("utf8"));
  } catch {
    return null;
  }
}
var ENGINE_REMEDY = "start the Docker engine, or choose `jail.backend: nspawn`";
var brokeOff = (cause) => new JailError(`the Docker engine broke off: ${cause.message}`, ENGINE_REMEDY, null, { cause });
function unreachable(socket, error, late) {
  const why = late ? `the Docker engine at ${socket} does not answer in time` : error.code === "ENOENT" ? `there is no Docker engine: ${socket} is not there` : error.code === "ECONNREFUSED" ? `there is no Docker engine: nobody listens at ${socket}` : `the Docker engine at ${socket} cannot be spoken to: ${error.message}`;
  return new JailError(why, ENGINE_REMEDY, null, { cause: error });
}

export {
  socketOf,
  Engine,
  messageOf,
  greeting,
  older
};
