const { once } = process.getBuiltinModule("node:events");
const { addAbortSignal } = process.getBuiltinModule("node:stream");
import {
  connectionTo
} from "./shared-system-engine-connection.js";
import {
  JailError
} from "./shared-model-errors.js";

// src/system/engine.ts
var WANTED = "1.44";
var KNOWN = "1.54";
var SOCKET = "/var/run/docker.sock";
var LONGEST = 16 << 20;
var engineAt = (host) => ({
  ok: true,
  host: host === null || host === "" ? `unix://${SOCKET}` : host,
  from: "DOCKER_HOST",
  tls: null
});
var choiceOf = (where) => where === null || typeof where === "string" ? engineAt(where) : where;
function socketOf(where) {
  const choice = choiceOf(where);
  if (!choice.ok) throw new JailError(choice.message, choice.remedy);
  const path = /^unix:\/\/(\/.+)$/.exec(choice.host)?.[1];
  if (path !== void 0) return path;
  throw new JailError(
    `${choice.from} is ${JSON.stringify(choice.host)}: the engine has to be on this machine, where the layers are`,
    "name `jail.backend: docker`, and the whole run is made there; or use an engine of this machine"
  );
}
var Engine = class _Engine {
  /** The path of its socket, or `tcp://name:port`. */
  where;
  /** Such as `20.10.24`. */
  version;
  product;
  #connection;
  #api;
  constructor(connection, version, api, product) {
    this.product = product;
    this.where = connection.where;
    this.#connection = connection;
    this.version = version;
    this.#api = api;
  }
  /** Finds out whether it is there, and how it is spoken to. */
  static async connect(where, timeout = 1e4) {
    const choice = choiceOf(where);
    if (!choice.ok) throw new JailError(choice.message, choice.remedy);
    const connection = await connectionTo(choice);
    const pinged = greeting((await exchange(connection, "GET", "/_ping", { timeout })).head);
    if (pinged !== null) return new _Engine(connection, pinged.version, older(pinged.api, WANTED) ? pinged.api : WANTED, "docker");
    const { status, body } = await exchange(connection, "GET", "/version", { timeout });
    const { Version, ApiVersion, MinAPIVersion, Components } = body ?? {};
    if (status !== 200 || typeof Version !== "string" || typeof ApiVersion !== "string")
      throw new JailError(`what answers at ${connection.where} is no Docker engine`, "set DOCKER_HOST to the socket of a Docker engine");
    const least = typeof MinAPIVersion === "string" ? MinAPIVersion : WANTED;
    const api = older(ApiVersion, WANTED) ? ApiVersion : older(WANTED, least) ? least : WANTED;
    return new _Engine(connection, Version, api, isPodman(Components) ? "podman" : "docker");
  }
  /** One question; the answer whatever its status is. `path` begins with `/` and is encoded already. */
  async ask(method, path, ask = {}) {
    const whole = `/v${this.#api}${path}`;
    if (isStream(ask.body)) return answer(await send(this.#connection, method, whole, ask));
    const { status, body } = await exchange(this.#connection, method, whole, ask);
    return { status, body };
  }
  /** The same for an answer that is no JSON, such as the tar archive of an export. Throws JailError unless the status is 200. */
  async stream(method, path, ask = {}) {
    const response = await send(this.#connection, method, `/v${this.#api}${path}`, { timeout: null, ...ask });
    if (response.statusCode === 200) return response;
    const { status, body } = await answer(response);
    throw new JailError(`the Docker engine: ${messageOf(status, body)}`, "look into the log of the engine");
  }
  /**
   * The streams of a container, both ways on one connection: what is written there is its stdin; what comes is multiplexed (Docker Engine
   * API, "Attach to a container"). Throws JailError.
   */
  async attach(path) {
    const socket = this.#connection.open();
    const failed = (why) => brokeOff(new Error(why));
    socket.write(`POST /v${this.#api}${path} HTTP/1.1\r
Host: docker\r
Connection: Upgrade\r
Upgrade: tcp\r
Content-Length: 0\r
\r
`);
    try {
      const { head, rest } = await headOf(socket);
      const status = /^HTTP\/1\.[01] (\d{3})/.exec(head)?.[1];
      if (status !== "101" && status !== "200") throw failed(`it does not let us speak to the container: status ${status ?? "none"}`);
      if (rest.length > 0) socket.unshift(rest);
      return socket;
    } catch (error) {
      socket.destroy();
      throw error instanceof JailError ? error : failed(error.message);
    }
  }
};
var isPodman = (components) => Array.isArray(components) && components.some((one) => one?.Name === "Podman Engine");
async function headOf(socket) {
  let bytes = Buffer.alloc(0);
  while (bytes.length < 64 << 10) {
    const chunk = socket.read();
    if (chunk === null) {
      const [end] = await Promise.race([once(socket, "readable").then(() => [false]), once(socket, "end").then(() => [true])]);
      if (end) break;
      continue;
    }
    bytes = Buffer.concat([bytes, chunk]);
    const at = bytes.indexOf("\r\n\r\n");
    if (at >= 0) return { head: bytes.toString("latin1", 0, at), rest: bytes.subarray(at + 4) };
  }
  throw new Error("its answer is not HTTP");
}
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
async function exchange(to, method, path, { body, timeout = 6e4, signal }) {
  if (!/^[!-~]+$/.test(path)) throw new Error(`not a path of the engine's: ${path}`);
  const text = body === void 0 ? "" : JSON.stringify(body);
  const content = body === void 0 ? [] : ["Content-Type: application/json", `Content-Length: ${Buffer.byteLength(text)}`];
  const { late, any } = until(timeout, signal);
  const connection = to.open();
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
    throw unreachable(to, error, late?.aborted === true);
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
async function send(to, method, path, { body, timeout = 6e4, signal }) {
  const { request: httpRequest } = await import("node:http");
  const stream = isStream(body) ? body : null;
  const text = body === void 0 || stream !== null ? "" : JSON.stringify(body);
  const type = stream === null ? "application/json" : "application/x-tar";
  const { late, any } = until(timeout, signal);
  return new Promise((resolve, reject) => {
    const request = httpRequest({
      createConnection: () => to.open(),
      // and no agent, which would open its own
      method,
      path,
      headers: { Host: "docker", ...body === void 0 ? {} : { "Content-Type": type } },
      ...any === null ? {} : { signal: any }
    });
    request.once("response", resolve);
    request.once("error", (error) => reject(unreachable(to, error, late?.aborted === true)));
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
function unreachable({ where, socket }, error, late) {
  if (!late && isUntrusted(error))
    return new JailError(`the Docker engine at ${where} is not who it should be: ${error.message}`, TLS_REMEDY, null, { cause: error });
  if (/^ERR_SSL_.*ALERT_(?:BAD_CERTIFICATE|CERTIFICATE_|UNKNOWN_CA)/.test(error.code ?? ""))
    return new JailError(`the Docker engine at ${where} does not know us: ${error.message}`, CERTIFICATE_REMEDY, null, { cause: error });
  const why = late ? `the Docker engine at ${where} does not answer in time` : error.code === "ENOENT" && socket !== null ? `there is no Docker engine: ${where} is not there` : error.code === "ECONNREFUSED" ? `there is no Docker engine: nobody listens at ${where}` : `the Docker engine at ${where} cannot be spoken to: ${error.message}`;
  return new JailError(why, ENGINE_REMEDY, null, { cause: error });
}
var CERTIFICATE_REMEDY = "give a certificate that it takes and its key as `cert.pem` and `key.pem`, in DOCKER_CERT_PATH or in the context";
var TLS_REMEDY = "give the authority that certified it as `ca.pem`, in DOCKER_CERT_PATH or in the context, and the name it is certified for";
var isUntrusted = ({ code = "" }) => /^(?:ERR_TLS_CERT_|UNABLE_TO_|CERT_|SELF_SIGNED_|DEPTH_ZERO_|INVALID_CA|HOSTNAME_MISMATCH)/.test(code);

export {
  socketOf,
  Engine,
  messageOf,
  greeting,
  older
};
