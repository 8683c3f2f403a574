"use strict";
var __create = Object.create;
var __defProp = Object.defineProperty;
var __getOwnPropDesc = Object.getOwnPropertyDescriptor;
var __getOwnPropNames = Object.getOwnPropertyNames;
var __getProtoOf = Object.getPrototypeOf;
var __hasOwnProp = Object.prototype.hasOwnProperty;
var __copyProps = (to, from, except, desc) => {
  if (from && typeof from === "object" || typeof from === "function") {
    for (let key of __getOwnPropNames(from))
      if (!__hasOwnProp.call(to, key) && key !== except)
        __defProp(to, key, { get: () => from[key], enumerable: !(desc = __getOwnPropDesc(from, key)) || desc.enumerable });
  }
  return to;
};
var __toESM = (mod, isNodeMode, target) => (target = mod != null ? __create(__getProtoOf(mod)) : {}, __copyProps(
  // If the importer is in node compatibility mode or this is not an ESM
  // file that has been converted to a CommonJS file using a Babel-
  // compatible transform (i.e. "__esModule" has not been set), then set
  // "default" to the CommonJS "module.exports" for node compatibility.
  isNodeMode || !mod || !mod.__esModule ? __defProp(target, "default", { value: mod, enumerable: true }) : target,
  mod
));

// src/gateway.ts
var import_node_fs5 = require("node:fs");

// src/network/gateway.ts
var import_node_dgram = __toESM(require("node:dgram"), 1);
var import_node_events = require("node:events");
var import_node_fs4 = require("node:fs");
var import_node_net5 = __toESM(require("node:net"), 1);
var import_promises3 = require("node:timers/promises");

// src/system/lines.ts
async function* lines(stream, max) {
  const pending = [];
  let size = 0;
  for await (const chunk of stream) {
    let rest = chunk;
    for (let at = rest.indexOf(10); at !== -1; at = rest.indexOf(10)) {
      pending.push(rest.subarray(0, at));
      yield Buffer.concat(pending).toString("utf8");
      pending.length = 0;
      size = 0;
      rest = rest.subarray(at + 1);
    }
    size += rest.length;
    if (size > max) throw new Error(`a line of more than ${max} bytes`);
    if (rest.length > 0) pending.push(rest);
  }
  if (size > 0) yield Buffer.concat(pending).toString("utf8");
}

// src/network/accepted.ts
var import_node_net = __toESM(require("node:net"), 1);
var SHARED = Buffer.allocUnsafeSlow(64 << 10);
var readers = /* @__PURE__ */ new WeakMap();
function accepted(socket2) {
  const { _handle: handle } = socket2;
  if (handle === void 0 || handle === null) return socket2.resume();
  const held = { reader: null, socket: null };
  let buffer = SHARED;
  const options = {
    handle,
    allowHalfOpen: true,
    onread: {
      buffer: () => buffer = held.reader?.buffer() ?? SHARED,
      callback: (length) => {
        const chunk = buffer.subarray(0, length);
        const bytes = buffer === SHARED ? Buffer.from(chunk) : chunk;
        return held.reader?.take(bytes) ?? held.socket?.push(bytes) ?? false;
      }
    }
  };
  held.socket = new import_node_net.default.Socket(options);
  readers.set(held.socket, held);
  return held.socket;
}
function readInto(socket2, reader) {
  const held = readers.get(socket2);
  if (held !== void 0) held.reader = reader;
  socket2.on("data", (chunk) => {
    if (!reader.take(chunk)) socket2.pause();
  });
}

// src/model/hosts.ts
function covers(pattern, name) {
  if (pattern.startsWith("*.")) return name.endsWith(pattern.slice(1));
  if (pattern.startsWith(".")) return name === pattern.slice(1) || name.endsWith(pattern);
  return pattern === name;
}

// src/model/addresses.ts
var import_node_net2 = require("node:net");
var NOT_PUBLIC = [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.88.99.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 3],
  ["168.63.129.16", 32]
];
var GLOBAL_V6 = ["2000::", 3];
var NOT_PUBLIC_V6 = [["2001::", 23], ["2001:db8::", 32], ["2002::", 16], ["3fff::", 20]];
var lists = null;
function made() {
  const [refused, global] = [new import_node_net2.BlockList(), new import_node_net2.BlockList()];
  for (const [network, prefix] of NOT_PUBLIC) refused.addSubnet(network, prefix, "ipv4");
  for (const [network, prefix] of NOT_PUBLIC_V6) refused.addSubnet(network, prefix, "ipv6");
  global.addSubnet(...GLOBAL_V6, "ipv6");
  return { refused, global };
}
function isPublic(address) {
  const family = (0, import_node_net2.isIP)(address);
  if (family === 0) return false;
  const { refused, global } = lists ??= made();
  if (family === 4) return !refused.check(address, "ipv4");
  return global.check(address, "ipv6") && !refused.check(address, "ipv6");
}

// src/network/rules.ts
var UNLISTED = "no rule allows it";
var [HTTP, HTTPS] = [80, 443];
var speaksFirst = (port) => port === HTTP || port === HTTPS;
var denied = (reason) => ({ verdict: "denied", reason });
var OBSERVED = {
  pattern: "observe",
  ports: [HTTP, HTTPS],
  methods: [],
  paths: [],
  tls: "any",
  place: { file: "", line: 0, column: 0 }
};
function resolveName({ network }, name) {
  const service = network.services.find((one) => one.name === name);
  if (service !== void 0) return { rule: `service ${name}`, service };
  const rule = network.allow.find(({ pattern }) => covers(pattern, name));
  if (rule !== void 0) return { rule: said(rule), service: null };
  return network.mode === "observe" && name.includes(".") ? { rule: said(OBSERVED), service: null } : null;
}
var secretsFor = ({ secrets }, name) => secrets.filter(({ hosts }) => name !== null && hosts.includes(name));
function judge(rules, to, port, intent) {
  const found = rulesOf(rules, to, port);
  if ("verdict" in found) return found;
  const any = found.find(({ tls: tls2 }) => tls2 === "any");
  const plain = any !== void 0 && !narrow(any) && secretsFor(rules, to.name).length === 0;
  if (plain && (intent.protocol !== "http" || port === HTTPS)) return wrongName(to, intent, any) ?? pass(any);
  if (intent.protocol === "tls") return judgeTls(rules, found, to, port, intent);
  if (intent.protocol === "http") return judgeHttp(rules, found, to, port, intent);
  const open = found.find((rule) => !narrow(rule) && !speaksFirst(port));
  if (open === void 0 || secretsFor(rules, to.name).length > 0) return denied(intent.fault ?? "neither TLS nor HTTP");
  return pass(open);
}
function judgeRequest(rules, to, port, { method, path }) {
  const found = rulesOf(rules, to, port);
  if ("verdict" in found) return found;
  const rule = found.find((one) => inScope(one, method, path));
  if (rule === void 0) return denied(`${method} ${path} is not what the rule ${said(found[0])} allows`);
  return { verdict: "allowed", reason: said(rule) };
}
function inScope(scope, method, path) {
  if (scope.methods.length > 0 && !scope.methods.includes(method)) return false;
  if (scope.paths.length === 0) return true;
  if (/%2e|%2f|%5c|\\|\/\.{1,2}(?:\/|;|$)/i.test(path)) return false;
  return scope.paths.some((one) => one.endsWith("*") ? path.startsWith(one.slice(0, -1)) : path === one);
}
function rulesOf({ network }, { name, address }, port) {
  const all = network.allow.filter(({ pattern }) => name === null ? pattern === `${address}/32` : covers(pattern, name));
  if (all.length === 0 && network.mode === "observe" && (name !== null || isPublic(address))) all.push(OBSERVED);
  const [first] = all;
  if (first === void 0) return denied(UNLISTED);
  const [one, ...others] = all.filter(({ ports }) => ports.includes(port));
  return one === void 0 ? denied(`the rule ${said(first)} does not list port ${port}`) : [one, ...others];
}
function judgeTls(rules, found, to, port, intent) {
  if (intent.fault !== null) return denied(intent.fault);
  if (port === HTTP) return denied("TLS on port 80");
  if (to.name !== null && intent.name === null) return denied("TLS without a server name");
  const wrong = wrongName(to, intent, null);
  if (wrong !== null) return wrong;
  if (intent.hidden) return denied("TLS with an encrypted server name");
  if (secretsFor(rules, to.name).length > 0)
    return { verdict: "allowed", reason: said(found[0]), way: "requests", ends: true, outside: { tls: true, port } };
  const rule = found.find(({ tls: tls2 }) => tls2 !== "visible");
  return rule === void 0 ? denied(`methods and paths cannot be seen in TLS; use http://${to.name ?? to.address}, the gateway speaks TLS outside`) : pass(rule);
}
function judgeHttp(rules, found, to, port, intent) {
  if (intent.fault !== null) return denied(intent.fault);
  if (port === HTTPS) return denied("HTTP without TLS on port 443");
  const wrong = wrongName(to, intent, null);
  if (wrong !== null) return wrong;
  const secret = secretsFor(rules, to.name).length > 0;
  const tls2 = secret || found.every((rule) => rule.tls === "visible") && found.some(({ ports }) => ports.includes(HTTPS));
  const outside = { tls: tls2, port: tls2 && port === HTTP ? HTTPS : port };
  return { verdict: "allowed", reason: said(found[0]), way: "requests", ends: false, outside };
}
function wrongName({ name }, intent, rule) {
  if (name === null || intent.name === name || rule !== null && intent.name === null) return null;
  return denied(`it announces ${intent.name ?? "no name"}, and not ${name}`);
}
var narrow = ({ methods, paths, tls: tls2 }) => tls2 === "visible" && methods.length + paths.length > 0;
var pass = (rule) => ({ verdict: "allowed", reason: said(rule), way: "pass" });
var said = ({ pattern }) => pattern;

// src/network/addresses.ts
var FIRST = 198 * 2 ** 24 + 18 * 2 ** 16 + 1;
var LAST = 198 * 2 ** 24 + 19 * 2 ** 16 + 65534;
var BELOW_A_WILDCARD = 16;
function reserve(networks) {
  const exact = /* @__PURE__ */ new Map();
  const below = /* @__PURE__ */ new Map();
  const sockets = /* @__PURE__ */ new Map();
  let next = FIRST;
  const take = () => dotted(next++);
  const listen2 = (address, port) => {
    if (!speaksFirst(port)) sockets.set(`${address}:${port}`, { protocol: "tcp", address, port });
  };
  const rules = networks.flatMap(({ allow }) => allow);
  for (const { name, port } of networks.flatMap(({ services }) => services)) {
    if (!exact.has(name)) exact.set(name, take());
    listen2(exact.get(name) ?? "", port);
  }
  for (const { pattern } of rules) {
    const ports = portsOf(rules, pattern);
    if (ports.every(speaksFirst) || exact.has(pattern) || below.has(pattern)) continue;
    const literal = pattern.endsWith("/32");
    const wild = pattern.startsWith(".") || pattern.startsWith("*");
    const own = literal ? [pattern.slice(0, -3)] : Array.from({ length: wild ? BELOW_A_WILDCARD : 1 }, take);
    if (wild) below.set(pattern, own);
    else if (!literal) exact.set(pattern, own[0] ?? "");
    for (const address of own) for (const port of ports) listen2(address, port);
  }
  return { exact, below, sockets: [...sockets.values()] };
}
var portsOf = (rules, pattern) => rules.filter((rule) => rule.pattern === pattern || covers(rule.pattern, pattern)).flatMap(({ ports }) => ports);
var Addresses = class {
  #reserved;
  #byName = /* @__PURE__ */ new Map();
  #byAddress = /* @__PURE__ */ new Map();
  #used = /* @__PURE__ */ new Map();
  #next;
  #first;
  /** `handedOut`: how many others of the run have handed out. */
  constructor(reserved, handedOut) {
    this.#reserved = reserved;
    const taken = reserved.exact.size + [...reserved.below.values()].reduce((sum, own) => sum + own.length, 0);
    this.#first = FIRST + taken;
    this.#next = this.#first + handedOut;
    for (const [name, address] of reserved.exact) this.#give(name, address);
  }
  /** null: there is no address left. */
  of(name) {
    const known = this.#byName.get(name);
    if (known !== void 0) return known;
    const address = this.#below(name) ?? (this.#next > LAST ? null : dotted(this.#next++));
    if (address !== null) this.#give(name, address);
    return address;
  }
  nameOf(address) {
    return this.#byAddress.get(address) ?? null;
  }
  get handedOut() {
    return this.#next - this.#first;
  }
  #below(name) {
    for (const [pattern, own] of this.#reserved.below) {
      const used = this.#used.get(pattern) ?? 0;
      const address = own[used];
      if (address === void 0 || !covers(pattern, name)) continue;
      this.#used.set(pattern, used + 1);
      return address;
    }
    return null;
  }
  #give(name, address) {
    this.#byName.set(name, address);
    this.#byAddress.set(address, name);
  }
};
var dotted = (n) => [24, 16, 8, 0].map((shift) => n >>> shift & 255).join(".");

// src/network/budget.ts
var Budget = class {
  used = { upload: 0, download: 0, connections: 0, requests: 0 };
  #limits;
  #tell;
  #hit = /* @__PURE__ */ new Set();
  constructor(limits, tell) {
    this.#limits = limits;
    this.#tell = tell;
  }
  /** False: it is more than there is; nothing was taken. */
  take(limit2, amount) {
    const most = this.#limits[limit2];
    if (most !== null && this.used[limit2] + amount > most) {
      if (!this.#hit.has(limit2)) this.#tell(limit2);
      this.#hit.add(limit2);
      return false;
    }
    this.used[limit2] += amount;
    return true;
  }
};
var beyond = (limit2) => `limits.${limit2} is reached`;

// src/network/connection.ts
var import_promises2 = require("node:timers/promises");

// src/network/names.ts
var isLocalhost = (name) => name === "localhost" || name.endsWith(".localhost");
function hostName(text2) {
  const name = (text2.endsWith(".") ? text2.slice(0, -1) : text2).toLowerCase();
  if (name.length === 0 || name.length > 253) return null;
  return name.split(".").every((label) => /^[a-z0-9_-]{1,63}$/.test(label)) ? name : null;
}

// src/network/hello.ts
var [HANDSHAKE, CLIENT_HELLO, SERVER_NAME, HOST_NAME, ENCRYPTED_HELLO] = [22, 1, 0, 0, 65037];
var RECORD_HEADER = 5;
var LONGEST_RECORD = 1 << 14;
var LONGEST_HELLO = 16e3;
function readHello(bytes) {
  const message = joinRecords(bytes);
  if (!Buffer.isBuffer(message)) return message;
  try {
    return serverName(new Cursor(message));
  } catch (error) {
    if (error instanceof Malformed) return { kind: "fault", fault: error.message };
    throw error;
  }
}
function joinRecords(bytes) {
  const fault = (text2) => ({ kind: "fault", fault: text2 });
  const joined = Buffer.allocUnsafe(bytes.length);
  let have = 0;
  for (let at = 0; at < bytes.length; ) {
    if (bytes[at] !== HANDSHAKE) return fault("a record that is not a handshake");
    if (at + 1 < bytes.length && bytes[at + 1] !== 3) return fault("an unknown record version");
    if (at + RECORD_HEADER > bytes.length) break;
    const length = bytes.readUInt16BE(at + 3);
    if (length === 0 || length > LONGEST_RECORD) return fault("a record of a wrong length");
    const from = at + RECORD_HEADER;
    at = from + length;
    have += bytes.copy(joined, have, from, Math.min(at, bytes.length));
    if (have > 0 && joined[0] !== CLIENT_HELLO) return fault("a handshake message that is not a ClientHello");
    if (have < 4) continue;
    const size = joined.readUIntBE(1, 3);
    if (size > LONGEST_HELLO) return fault("the ClientHello is too long");
    if (have > size + 4) return fault("bytes behind the ClientHello");
    if (have === size + 4) return joined.subarray(4, have);
  }
  return { kind: "more" };
}
function serverName(hello) {
  hello.skip(2 + 32);
  hello.take(hello.number(1));
  hello.take(hello.number(2));
  hello.take(hello.number(1));
  if (hello.atEnd) return { kind: "hello", name: null, hidden: false };
  const extensions = hello.take(hello.number(2));
  if (!hello.atEnd) throw new Malformed("bytes behind the extensions");
  const seen = /* @__PURE__ */ new Set();
  let name = null;
  while (!extensions.atEnd) {
    const type = extensions.number(2);
    const body = extensions.take(extensions.number(2));
    if (seen.has(type)) throw new Malformed("an extension that stands there twice");
    seen.add(type);
    if (type === SERVER_NAME) name = oneName(body);
  }
  return { kind: "hello", name, hidden: seen.has(ENCRYPTED_HELLO) };
}
function oneName(body) {
  const list = body.take(body.number(2));
  if (list.number(1) !== HOST_NAME) throw new Malformed("a server name of an unknown type");
  const text2 = list.take(list.number(2)).text();
  if (!list.atEnd || !body.atEnd) throw new Malformed("more than one server name");
  const name = hostName(text2);
  if (name === null) throw new Malformed("a server name that is not a host name");
  return name;
}
var Malformed = class extends Error {
};
var Cursor = class _Cursor {
  #bytes;
  #at = 0;
  constructor(bytes) {
    this.#bytes = bytes;
  }
  get atEnd() {
    return this.#at === this.#bytes.length;
  }
  skip(length) {
    if (this.#at + length > this.#bytes.length) throw new Malformed("the ClientHello is cut off");
    this.#at += length;
  }
  number(size) {
    this.skip(size);
    return this.#bytes.readUIntBE(this.#at - size, size);
  }
  take(length) {
    this.skip(length);
    return new _Cursor(this.#bytes.subarray(this.#at - length, this.#at));
  }
  text() {
    return this.#bytes.toString("latin1");
  }
};

// src/network/http-head.ts
var LONGEST_METHOD = 16;
function looksLikeHttp(bytes) {
  const start = bytes.toString("latin1", 0, LONGEST_METHOD + 1);
  const space = start.indexOf(" ");
  return /^[A-Z]{1,16}$/.test(space === -1 ? start : start.slice(0, space));
}
function readHead(bytes) {
  const fault = (text2) => ({ kind: "fault", fault: text2 });
  const firstLine = bytes.indexOf("\n");
  if (firstLine !== -1 && bytes[firstLine - 1] !== 13) return fault("a line that does not end with CRLF");
  const end = bytes.indexOf("\r\n\r\n");
  if (end === -1) return { kind: "more" };
  const [requestLine = "", ...fields2] = bytes.toString("latin1", 0, end).split("\r\n");
  const [method = "", target = "", version = "", ...rest] = requestLine.split(" ");
  if (rest.length > 0 || !/^[A-Z]+$/.test(method) || !/^[\x21-\x7e]+$/.test(target)) return fault("not a request line");
  if (version !== "HTTP/1.1" && version !== "HTTP/1.0") return fault("a version that is not HTTP/1.0 or HTTP/1.1");
  const hosts = [];
  for (const field of fields2) {
    const colon = field.indexOf(":");
    if (colon === -1 || !/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(field.slice(0, colon))) return fault("a header line without a valid name");
    if (/[\0\r\n]/.test(field)) return fault("a header line with a control character");
    if (field.slice(0, colon).toLowerCase() === "host")
      hosts.push(
        field.slice(colon + 1).replace(/^[ \t]+/, "").trimEnd()
      );
  }
  if (hosts.length !== 1) return fault(hosts.length === 0 ? "no Host header" : "more than one Host header");
  const { fault: wrong, ...read } = readTarget(method, target, hosts[0] ?? "");
  return wrong === null ? { kind: "head", method, path: read.path, name: read.name } : fault(wrong);
}
function readTarget(method, target, host) {
  const fault = (text2) => ({ fault: text2, name: "", path: null, query: "" });
  const name = hostOf(host);
  if (name === null) return fault("a Host header that is not a host");
  const { authority, path: whole2 } = splitTarget(method, target);
  if (whole2 !== null && !whole2.startsWith("/") && whole2 !== "*") return fault("a request target of an unknown form");
  if (authority !== null && hostOf(authority) !== name) return fault("a request target that contradicts the Host header");
  const path = whole2 === null ? null : withoutQuery(whole2);
  return { fault: null, name, path, query: whole2?.slice(path?.length).replace(/#.*$/, "") ?? "" };
}
function splitTarget(method, target) {
  if (method === "CONNECT") return { authority: target, path: null };
  const scheme = /^https?:\/\//i.exec(target)?.[0];
  if (scheme === void 0) return { authority: null, path: target };
  const rest = target.slice(scheme.length);
  const slash = rest.search(/[/?#]/);
  if (slash === -1) return { authority: rest, path: "/" };
  return { authority: rest.slice(0, slash), path: rest[slash] === "/" ? rest.slice(slash) : "/" };
}
function withoutQuery(path) {
  const end = path.search(/[?#]/);
  return end === -1 ? path : path.slice(0, end);
}
function hostOf(authority) {
  const literal = /^(\[[0-9A-Fa-f:.]{2,45}\])(?::\d{1,5})?$/.exec(authority)?.[1];
  if (literal !== void 0) return literal.toLowerCase();
  const host = /^([^:]{1,254})(?::\d{1,5})?$/.exec(authority)?.[1];
  return host === void 0 ? null : hostName(host);
}

// src/network/first-bytes.ts
var TLS_HANDSHAKE = 22;
var UNSAID = { protocol: "unknown", name: null, method: null, path: null, hidden: false, fault: null };
function readIntent(bytes) {
  if (bytes.length === 0) return null;
  if (bytes[0] === TLS_HANDSHAKE) {
    const hello = readHello(bytes);
    if (hello.kind === "more") return null;
    return {
      ...UNSAID,
      protocol: "tls",
      ...hello.kind === "fault" ? { fault: hello.fault } : { name: hello.name, hidden: hello.hidden }
    };
  }
  if (looksLikeHttp(bytes)) {
    const head = readHead(bytes);
    if (head.kind === "more") return null;
    if (head.kind === "fault") return { ...UNSAID, protocol: "http", fault: head.fault };
    return { ...UNSAID, protocol: "http", name: head.name, method: head.method, path: head.path };
  }
  return { ...UNSAID, fault: "neither TLS nor HTTP" };
}

// src/system/ndjson.ts
var import_node_fs = require("node:fs");
var NdjsonWriter = class {
  #fd;
  #every;
  #pending = [];
  #size = 0;
  #lines = 0;
  /** `schema` is the bare name: `changes` becomes `agent-jail/changes@1`. */
  constructor(fd, schema, header = {}, flush = "line") {
    this.#fd = fd;
    this.#every = flush === "line";
    this.#push({ schema: `agent-jail/${schema}@1`, ...header });
  }
  line(value) {
    this.#lines += 1;
    this.#push(value);
  }
  /** Lines written, the schema line not counted. */
  get lines() {
    return this.#lines;
  }
  end(extra = {}) {
    this.#push({ end: true, lines: this.#lines, ...extra });
    this.flush();
  }
  flush() {
    if (this.#pending.length === 0) return;
    writeAll(this.#fd, Buffer.from(this.#pending.join("")));
    this.#pending = [];
    this.#size = 0;
  }
  #push(value) {
    const text2 = `${JSON.stringify(value)}
`;
    this.#pending.push(text2);
    this.#size += text2.length;
    if (this.#every || this.#size > 1 << 18) this.flush();
  }
};
function writeAll(fd, bytes, at = null) {
  let done = 0;
  while (done < bytes.length) done += (0, import_node_fs.writeSync)(fd, bytes, done, bytes.length - done, at === null ? null : at + done);
}

// src/network/log.ts
var BLANK = {
  name: null,
  type: null,
  address: null,
  method: null,
  path: null,
  upstream: null,
  status: null,
  error: null,
  secret: null,
  bytesIn: 0,
  bytesOut: 0
};
var MOST_LINES = 1e5;
var MOST_EVENTS = 1e3;
var LONGEST = { name: 255, type: 16, address: 45, method: 16, path: 1024, reason: 200, upstream: 60, error: 200 };
var NetworkLog = class {
  #writer;
  #epoch;
  #tell;
  #told = /* @__PURE__ */ new Set();
  #counts = { denied: 0, allowed: 0 };
  #omitted = 0;
  /** The running step; -1 before the first. */
  step = -1;
  constructor(fd, epoch, tell) {
    this.#writer = new NdjsonWriter(fd, "network");
    this.#epoch = epoch;
    this.#tell = tell;
  }
  write({ began, ...seen }) {
    this.#counts[seen.verdict] += 1;
    const clean = {
      ...seen,
      name: text(seen.name, LONGEST.name),
      type: text(seen.type, LONGEST.type),
      address: text(seen.address, LONGEST.address),
      method: text(seen.method, LONGEST.method),
      path: text(seen.path, LONGEST.path),
      reason: text(seen.reason, LONGEST.reason) ?? "",
      upstream: text(seen.upstream, LONGEST.upstream),
      error: text(seen.error, LONGEST.error)
    };
    if (this.#writer.lines < MOST_LINES)
      this.#writer.line({ t: ms(began - this.#epoch), step: this.step, ...ordered(clean), ms: ms(process.hrtime.bigint() - began) });
    else this.#omitted += 1;
    if (clean.verdict === "denied") this.#tellOnce(clean.name ?? clean.address, clean.port, clean.reason);
  }
  /** Questions and connections so far. */
  get seen() {
    return this.#counts.denied + this.#counts.allowed;
  }
  /** The last line; returns what was counted. */
  end() {
    this.#writer.end({ ...this.#counts, omitted: this.#omitted });
    return { kind: "done", ...this.#counts, lines: this.#writer.lines };
  }
  #tellOnce(host, port, rule) {
    const key = `${host}:${port}`;
    if (host === null || this.#told.has(key) || this.#told.size >= MOST_EVENTS) return;
    this.#told.add(key);
    this.#tell({ kind: "denied", host, port, rule });
  }
};
function ordered({ kind, verdict, reason, transport, name, type, address, port, protocol, method, path, ...rest }) {
  return { kind, verdict, reason, transport, name, type, address, port, protocol, method, path, ...rest };
}
var ms = (ns) => Number(ns / 1000n) / 1e3;
function text(value, max) {
  return value === null ? null : value.replace(/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu, "").slice(0, max);
}

// src/network/refusal.ts
var alert = (code) => Buffer.from([21, 3, 3, 0, 2, 2, code]);
var [ACCESS_DENIED, INTERNAL_ERROR] = [alert(49), alert(80)];
function refusal(intent, host, reason) {
  if (intent.protocol === "tls") return ACCESS_DENIED;
  if (intent.protocol !== "http") return null;
  const [status, text2] = intent.fault === null ? [403, deniedText(host, reason)] : [400, `agent-jail: ${intent.fault}.
`];
  return httpAnswer(status, text2, intent.method);
}
function apology(intent, host, reason) {
  if (intent.protocol === "tls") return INTERNAL_ERROR;
  return intent.protocol === "http" ? httpAnswer(502, unreachableText(host, reason), intent.method) : null;
}
var deniedText = (host, reason) => `agent-jail: ${host} is not allowed by the policy (${reason}). A retry is useless.
`;
var unreachableText = (host, reason) => `agent-jail: ${host} is allowed, but not to be reached: ${reason}.
`;
var STATUS = {
  400: "Bad Request",
  403: "Forbidden",
  408: "Request Timeout",
  429: "Too Many Requests",
  431: "Request Header Fields Too Large",
  501: "Not Implemented",
  502: "Bad Gateway"
};
var ownHeaders = (text2) => [
  "Content-Type",
  "text/plain; charset=utf-8",
  "Content-Length",
  String(Buffer.byteLength(text2)),
  "Cache-Control",
  "no-store",
  "Connection",
  "close"
];
function httpAnswer(status, text2, method) {
  const fields2 = ownHeaders(text2);
  const head = rawHead(status, STATUS[status] ?? "", fields2);
  return Buffer.from(`${head}${method === "HEAD" ? "" : text2}`);
}
function rawHead(status, message, fields2) {
  const lines2 = [`HTTP/1.1 ${status} ${message}`];
  for (let at = 0; at + 1 < fields2.length; at += 2) lines2.push(`${fields2[at]}: ${fields2[at + 1]}`);
  return `${lines2.join("\r\n")}\r
\r
`;
}

// src/network/requests.ts
var import_node_http = __toESM(require("node:http"), 1);
var import_node_https = __toESM(require("node:https"), 1);
var import_node_util = require("node:util");

// src/network/headers.ts
var HOP_BY_HOP = /* @__PURE__ */ new Set([
  "connection",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade"
]);
function endToEnd({ rawHeaders, headers }) {
  const named = new Set((headers.connection ?? "").toLowerCase().split(/\s*,\s*/));
  const kept = [];
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const [name = "", value = ""] = rawHeaders.slice(at, at + 2);
    const lower = name.toLowerCase();
    if (!HOP_BY_HOP.has(lower) && !named.has(lower)) kept.push([name, value]);
  }
  return kept;
}
var flat = (headers) => headers.flat();
var asksForWebSocket = ({ headers }) => headers.upgrade?.toLowerCase() === "websocket";

// src/network/inject.ts
var CREDENTIALS = /^(?:cookie|x-amz-.*|x-goog-(?!(?:api-client|request-params)$).*)$|authorization|api-?key|token|secret|passw|credential/;
var IN_QUERY = /^(?:key|auth|sig|signature)$|api_?key|token|secret|passw|credential/i;
var BASIC = /^Basic +([A-Za-z0-9+/=_-]+) *$/i;
function swap(headers, secrets, request) {
  let used = null;
  const swapped = [];
  for (const [name, value] of headers) {
    const [secret, put] = swapValue(value, secrets);
    if (secret === null) {
      if (CREDENTIALS.test(name.toLowerCase()))
        return { refused: `the header ${name} holds something else than the placeholder of a secret` };
    } else if (!inScope(secret, request.method, request.path)) {
      return { refused: `the secret ${secret.name} is not for ${request.method} ${request.path}` };
    } else if (/[\0\r\n]/.test(put)) {
      return { refused: `the secret ${secret.name} has more than one line, which no header can hold` };
    }
    used ??= secret?.name ?? null;
    swapped.push([name, put]);
  }
  const given = [...new URLSearchParams(request.query)].find(([name]) => IN_QUERY.test(name));
  if (given !== void 0) return { refused: `the address holds a credential (${given[0]}); send the placeholder in a header` };
  return { headers: swapped, secret: used };
}
function swapValue(value, secrets) {
  const basic = BASIC.exec(value)?.[1];
  const text2 = basic === void 0 ? value : Buffer.from(basic, "base64").toString("latin1");
  const secret = secrets.find(({ placeholder }) => text2.includes(placeholder));
  if (secret === void 0) return [null, value];
  const put = text2.replaceAll(secret.placeholder, () => Buffer.from(secret.value).toString("latin1"));
  return [secret, basic === void 0 ? put : `Basic ${Buffer.from(put, "latin1").toString("base64")}`];
}

// src/network/request-line.ts
var Refused = class extends Error {
  status;
  denied;
  constructor(status, reason) {
    super(reason);
    this.status = status;
    this.denied = status !== 502;
  }
};
var Line = class {
  path;
  reason = "";
  error = null;
  secret = null;
  bytesIn = 0;
  bytesOut = 0;
  #gate;
  #began = process.hrtime.bigint();
  #seen;
  #denied = false;
  #status = null;
  #upstream = null;
  constructor(gate, seen) {
    this.#gate = gate;
    this.#seen = seen;
    this.path = seen.path;
  }
  answered({ statusCode, socket: socket2 }) {
    this.#status = statusCode ?? null;
    this.#upstream = socket2.remoteAddress === void 0 ? null : `${socket2.remoteAddress}:${socket2.remotePort}`;
  }
  refused(error) {
    const message = error instanceof Error ? error.message : String(error);
    if (error instanceof Refused && error.denied) [this.#denied, this.reason] = [true, message];
    else this.error ??= message;
  }
  write() {
    this.#gate.log.write({
      ...BLANK,
      ...this.#seen,
      began: this.#began,
      kind: "request",
      transport: "tcp",
      path: this.path,
      verdict: this.#denied ? "denied" : "allowed",
      reason: this.reason,
      upstream: this.#upstream,
      status: this.#status,
      error: this.error,
      secret: this.secret,
      bytesIn: this.bytesIn,
      bytesOut: this.bytesOut
    });
  }
};

// src/network/scrub.ts
var import_node_stream = require("node:stream");

// src/secrets/forms.ts
var MIN_FORM = 6;
var MIN_PIECE = 12;
var BASE64_COLUMNS = [76, 64];
var HEX_COLUMNS = 60;
var COMMON = new Set(
  "abc123 access account admin123 changeme change-me default demo123 development disabled dummy-value enabled example github hello123 localhost nothing password password1 placeholder private production public qwerty redacted sample secret secrets staging string test123 testing tester undefined unknown username 123456 1234567 12345678 123456789 1234567890".split(" ")
);
function secretForms(value) {
  const text2 = value.toWellFormed();
  const core = text2.trim();
  const bytes = Buffer.from(core);
  const forms = [
    text2,
    core,
    core.replace(/\r?\n/g, "\r\n"),
    // as a terminal prints it
    ...lineForms(core),
    ...base64Forms(bytes),
    ...hexForms(bytes),
    ...percentForms(core, bytes),
    ...escapedForms(core),
    [...core].reverse().join(""),
    Buffer.from(bytes).reverse()
    // `rev` in the C locale
  ];
  const unique = /* @__PURE__ */ new Map();
  for (const form of forms) {
    const encoded = typeof form === "string" ? Buffer.from(form) : form;
    if (encoded.length >= MIN_FORM) unique.set(encoded.toString("latin1"), encoded);
  }
  return [...unique.values()];
}
function tooShort(value) {
  const core = value.trim();
  if (Buffer.byteLength(core) < MIN_FORM) return `it has fewer than ${MIN_FORM} bytes`;
  if (COMMON.has(core.toLowerCase())) return "it is a common word";
  if (new Set(core).size < 3) return "it has fewer than 3 different characters";
  return null;
}
function lineForms(core) {
  const lines2 = core.split(/\r\n|\n|\r|\\n/).map((line) => line.trim());
  if (lines2.length === 1) return [];
  return lines2.filter((line) => tooShort(line) === null && !/^-----(?:BEGIN|END) [A-Z0-9 ]+-----$/.test(line));
}
function base64Forms(bytes) {
  const forms = [];
  for (let before = 0; before < 3; before += 1) {
    const padded = Buffer.concat([Buffer.alloc(before), bytes]).toString("base64");
    const start = Math.ceil(before * 8 / 6);
    const stem = padded.slice(start, Math.floor((before + bytes.length) * 8 / 6));
    const open = padded.slice(start).replace(/=+$/, "");
    forms.push(stem, open, padded.slice(start));
    if (before === 0) for (const columns of BASE64_COLUMNS) forms.push(...pieces(stem, columns));
  }
  return [...forms, ...forms.map((form) => form.replaceAll("+", "-").replaceAll("/", "_"))];
}
function hexForms(bytes) {
  const hex = bytes.toString("hex");
  return [hex, hex.toUpperCase(), ...pieces(hex, HEX_COLUMNS)];
}
function percentForms(core, bytes) {
  const component = encodeURIComponent(core);
  const strict = component.replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
  const upper = [component, strict, strict.replaceAll("%2F", "/"), strict.replaceAll("%20", "+")];
  upper.push(bytes.toString("hex").toUpperCase().replace(/../g, "%$&"));
  return [...upper, ...upper.map((form) => form.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()))];
}
function escapedForms(core) {
  const json = JSON.stringify(core).slice(1, -1);
  const ascii = json.replace(/[\u0080-\uffff]/g, unicodeEscape);
  const html = json.replace(/[<>&]/g, unicodeEscape);
  return [
    json,
    JSON.stringify(json).slice(1, -1),
    // JSON in JSON: how agents log what a tool printed
    ascii,
    html,
    json.replaceAll("/", "\\/"),
    core.replaceAll("'", "'\\''"),
    // `set -x`
    core.replace(/["$`\\]/g, "\\$&")
    // `export -p`
  ];
}
function unicodeEscape(char) {
  return `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
function pieces(text2, columns) {
  const found = [];
  for (let at = 0; text2.length > columns && at < text2.length; at += columns) found.push(text2.slice(at, at + columns));
  return found.filter((piece) => piece.length >= MIN_PIECE);
}

// src/secrets/matcher.ts
var BLOCK = 3;
var TABLE = 1 << 16;
var Matcher = class {
  #min;
  #shift;
  /** Patterns by the block at the end of their first `#min` bytes, longest first. */
  #ending = /* @__PURE__ */ new Map();
  #byFirst = Array.from({ length: 256 }, () => []);
  constructor(patterns) {
    const min = Math.min(255, ...patterns.map((pattern) => pattern.bytes.length));
    if (min < BLOCK) throw new RangeError(`a pattern has fewer than ${BLOCK} bytes`);
    this.#min = min;
    this.#shift = new Uint8Array(TABLE).fill(min - BLOCK + 1);
    for (const pattern of patterns.toSorted((a, b) => b.bytes.length - a.bytes.length)) {
      for (let at = 0; at + BLOCK <= min; at += 1) {
        const key = hash(byte(pattern.bytes, at), byte(pattern.bytes, at + 1), byte(pattern.bytes, at + 2));
        const shift = min - BLOCK - at;
        if (shift < byte(this.#shift, key)) this.#shift[key] = shift;
        if (shift === 0) this.#ending.set(key, [...this.#ending.get(key) ?? [], pattern]);
      }
      this.#byFirst[byte(pattern.bytes, 0)]?.push(pattern);
    }
  }
  /** The first place from `from` on where a pattern stands, the longest one there; unless `final`, also where one may begin. */
  next(data, from, final) {
    const shifts = this.#shift;
    const min = this.#min;
    const length = data.length;
    let end = from + min;
    while (end <= length) {
      const key = hash(byte(data, end - 3), byte(data, end - 2), byte(data, end - 1));
      const shift = byte(shifts, key);
      if (shift === 0) {
        const match = this.#first(data, end - min, final, this.#ending.get(key));
        if (match !== null) return match;
        end += 1;
      } else {
        end += shift;
      }
    }
    if (final) return null;
    for (let at = end - min; at < length; at += 1) {
      const match = this.#first(data, at, false, this.#byFirst[byte(data, at)]);
      if (match !== null) return match;
    }
    return null;
  }
  #first(data, at, final, patterns) {
    for (const pattern of patterns ?? []) {
      const whole2 = pattern.bytes.length <= data.length - at;
      if ((whole2 || !final) && agrees(pattern.bytes, data, at)) return { at, pattern: whole2 ? pattern : null };
    }
    return null;
  }
};
function agrees(pattern, data, at) {
  const length = Math.min(pattern.length, data.length - at);
  for (let i = 0; i < length; i += 1) if (pattern[i] !== data[at + i]) return false;
  return true;
}
function hash(a, b, c) {
  return (a << 10 ^ b << 5 ^ c) & TABLE - 1;
}
function byte(data, at) {
  return data[at];
}

// src/network/scrub.ts
var STAR = 42;
var Scrubber = class {
  #matcher;
  constructor(secrets) {
    this.#matcher = new Matcher(secrets.flatMap(({ value }) => secretForms(value)).map((bytes) => ({ bytes, owner: 0 })));
  }
  text(value) {
    const bytes = Buffer.from(value, "latin1");
    this.#stars(bytes, 0, true);
    return bytes.toString("latin1");
  }
  /** Passes on at once what cannot be the beginning of a secret. */
  stream() {
    let held = Buffer.alloc(0);
    const take = (chunk, final) => {
      const bytes = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
      const end = this.#stars(bytes, 0, final);
      held = Buffer.from(bytes.subarray(end));
      return bytes.subarray(0, end);
    };
    return new import_node_stream.Transform({
      transform(chunk, _encoding, done) {
        const out = take(chunk, false);
        done(null, out.length === 0 ? void 0 : out);
      },
      flush(done) {
        const out = take(Buffer.alloc(0), true);
        done(null, out.length === 0 ? void 0 : out);
      }
    });
  }
  /** Overwrites what is found, and returns where a secret may begin that is not whole yet. */
  #stars(bytes, from, final) {
    for (let at = from; ; ) {
      const match = this.#matcher.next(bytes, at, final);
      if (match === null) return bytes.length;
      if (match.pattern === null) return match.at;
      at = match.at + match.pattern.bytes.length;
      bytes.fill(STAR, match.at, at);
    }
  }
};

// src/network/upstream.ts
var import_promises = require("node:dns/promises");
var import_node_net3 = __toESM(require("node:net"), 1);
var PATIENCE = { timeout: 3e3, tries: 2 };
var FRESH = 6e4;
var CONNECT_TIME = 1e4;
var Unreachable = class extends Error {
  /** It could be reached, and must not be. */
  denied;
  constructor(message, denied2) {
    super(message);
    this.denied = denied2;
  }
};
var RealNames = class {
  #resolver = new import_promises.Resolver(PATIENCE);
  #answers = /* @__PURE__ */ new Map();
  /** Throws Unreachable. */
  async addresses({ name, address }) {
    if (name === null) {
      if (isPublic(address)) return [address];
      throw new Unreachable("it is not a public address", true);
    }
    const now = performance.now();
    const known = this.#answers.get(name);
    if (known !== void 0 && known.until > now) return known.found;
    const found = this.#ask(name);
    this.#answers.set(name, { until: now + FRESH, found });
    found.catch(() => this.#answers.delete(name));
    return found;
  }
  async #ask(name) {
    const failed = [];
    for (const ask of [() => this.#resolver.resolve4(name), () => this.#resolver.resolve6(name)]) {
      try {
        const all = await ask();
        const found = all.filter(isPublic);
        if (found.length > 0) return found;
        if (all.length > 0) throw new Unreachable(`the name leads to ${all[0]}, which is not a public address`, true);
      } catch (error) {
        if (error instanceof Unreachable) throw error;
        failed.push(error.code ?? String(error));
      }
    }
    throw new Unreachable(`the name cannot be resolved: ${failed[0] ?? "no address"}`, false);
  }
};
var pinned = (addresses) => (_name, options, done) => {
  const all = addresses.map((address) => ({ address, family: import_node_net3.default.isIP(address) }));
  const [first] = all;
  if (first === void 0) done(new Error("no address"), "", 4);
  else if (options.all === true) done(null, all);
  else done(null, first.address, first.family);
};

// src/network/requests.ts
var MOST_HEADERS = 64 << 10;
var [HEAD_TIME, NEXT_TIME, SILENCE] = [1e4, 6e4, 6e5];
var KEEP = 4e3;
var Requests = class {
  #gate;
  #to;
  #host;
  #port;
  #way;
  #server;
  #agent;
  #connect;
  constructor(gate, to, port, way) {
    this.#gate = gate;
    this.#to = to;
    this.#host = to.name ?? to.address;
    this.#port = port;
    this.#way = way;
    const own = to.name === null ? void 0 : gate.certificates[to.name];
    const options = {
      maxHeaderSize: MOST_HEADERS,
      headersTimeout: HEAD_TIME,
      requestTimeout: 0,
      connectionsCheckingInterval: 1e3,
      keepAliveTimeout: NEXT_TIME,
      shouldUpgradeCallback: asksForWebSocket
    };
    this.#server = way.ends ? import_node_https.default.createServer({ ...options, cert: own?.certificate, key: own?.key, ALPNProtocols: ["http/1.1"], handshakeTimeout: HEAD_TIME }) : import_node_http.default.createServer(options);
    this.#server.on("request", (request, response) => void this.#request(request, response)).on("upgrade", (request, socket2, head) => void this.#upgrade(request, socket2, head)).on("connect", (request, socket2) => this.#refuseRaw(request, socket2, new Refused(403, "it is no proxy"))).on("clientError", (error, socket2) => this.#malformed(error, socket2)).on("tlsClientError", (_error, socket2) => socket2.destroy());
    this.#server.emit("listening");
    const lookup = (name, wanted, done) => {
      const found = gate.names.addresses(to);
      (0, import_node_util.callbackify)(async () => found)((error, addresses) => {
        if (error === null) pinned(addresses)(name, wanted, done);
        else done(error, "", 4);
      });
    };
    const trusted = way.outside.tls ? { servername: to.name ?? "", ca: [...gate.authorities()] } : {};
    this.#connect = { lookup, autoSelectFamily: true, ...trusted };
    const kept = { ...this.#connect, keepAlive: true, timeout: KEEP };
    this.#agent = way.outside.tls ? new import_node_https.default.Agent(kept) : new import_node_http.default.Agent(kept);
  }
  /** Takes a connection over; `first` has been read from it. */
  accept(socket2, first) {
    socket2.pause();
    socket2.unshift(first);
    this.#server.emit("connection", socket2);
    if (!this.#way.ends) socket2.resume();
  }
  close() {
    this.#server.emit("close");
    this.#agent.destroy();
  }
  async #request(request, response) {
    const log = this.#line(request);
    const refuse = (error) => {
      const { status, text: text2 } = this.#refusal(error);
      if (response.headersSent) return void response.destroy();
      response.writeHead(status, ownHeaders(text2)).end(request.method === "HEAD" ? "" : text2);
    };
    response.sendDate = false;
    let ask = null;
    response.once("close", () => {
      if (!response.writableFinished) log.error ??= "it was cut off";
      ask?.destroy();
      log.write();
    });
    try {
      const { options, secret, scrubber } = await this.#admit(request, log);
      if (response.destroyed) return;
      log.secret = secret;
      ask = this.#ask(options);
      const up = ask;
      const fail2 = (error) => {
        log.error ??= error.message;
        refuse(error);
        up.destroy();
      };
      up.on("error", fail2);
      up.on("response", (answer) => {
        log.answered(answer);
        try {
          this.#passOn(answer, response, scrubber, log, fail2);
        } catch (error) {
          fail2(error);
        }
      });
      request.on("data", (chunk) => {
        if (!this.#gate.budget.take("upload", chunk.length)) return fail2(new Refused(429, beyond("upload")));
        log.bytesIn += chunk.length;
        if (!up.write(chunk)) request.pause();
      });
      up.on("drain", () => request.resume());
      request.once("end", () => up.end());
    } catch (error) {
      log.refused(error);
      refuse(error);
    }
  }
  /** Unbuffered: what the server sends is passed on when it comes. */
  #passOn(answer, response, scrubber, log, fail2) {
    let headers = endToEnd(answer);
    const coding = answer.headers["content-encoding"] ?? "identity";
    if (scrubber !== null) {
      if (coding !== "identity") throw new Refused(502, "its answer is compressed, and could hold the secret");
      headers = headers.filter(([name]) => name.toLowerCase() !== "set-cookie").map(([name, value]) => [name, scrubber.text(value)]);
    }
    response.writeHead(answer.statusCode ?? 502, answer.statusMessage ?? "", flat(headers));
    response.flushHeaders();
    const tokens = coding === "identity" ? this.#gate.tokens.reader(answer.headers["content-type"]) : null;
    answer.on("data", (chunk) => {
      if (!this.#gate.budget.take("download", chunk.length)) return fail2(new Error(beyond("download")));
      log.bytesOut += chunk.length;
      tokens?.take(chunk);
    });
    answer.once("end", () => tokens?.end());
    answer.once("error", fail2);
    (scrubber === null ? answer : answer.pipe(scrubber.stream())).pipe(response);
  }
  /** WebSocket: the request is looked at, then bytes pass. */
  async #upgrade(request, socket2, head) {
    socket2.on("error", () => {
    });
    if (!asksForWebSocket(request)) return this.#refuseRaw(request, socket2, new Refused(501, "only WebSocket can be changed to"));
    const log = this.#line(request);
    socket2.once("close", () => log.write());
    const refuse = (error) => {
      const { status, text: text2 } = this.#refusal(error);
      socket2.end(httpAnswer(status, text2, null));
    };
    try {
      const { options, secret, scrubber } = await this.#admit(request, log);
      log.secret = secret;
      const headers = [...options.headers, "Connection", "Upgrade", "Upgrade", "websocket"];
      const up = this.#ask({ ...options, ...this.#connect, headers, agent: false });
      up.on("error", (error) => {
        log.error ??= error.message;
        refuse(error);
      });
      up.on("response", (answer) => {
        log.answered(answer);
        answer.destroy();
        refuse(new Refused(502, `the server does not speak WebSocket there (${answer.statusCode})`));
      });
      up.on("upgrade", (answer, server, begun) => {
        log.answered(answer);
        const fields2 = [...flat(endToEnd(answer)), "Connection", "Upgrade", "Upgrade", "websocket"];
        socket2.write(rawHead(101, "Switching Protocols", fields2));
        server.unshift(begun);
        socket2.unshift(head);
        const count = (limit2, chunk) => {
          if (limit2 === "upload") log.bytesIn += chunk.length;
          else log.bytesOut += chunk.length;
          if (this.#gate.budget.take(limit2, chunk.length)) return;
          log.error ??= beyond(limit2);
          server.destroy();
          socket2.destroy();
        };
        socket2.on("data", (chunk) => count("upload", chunk)).pipe(server);
        server.on("data", (chunk) => count("download", chunk));
        (scrubber === null ? server : server.pipe(scrubber.stream())).pipe(socket2);
        server.on("error", () => socket2.destroy()).once("close", () => socket2.destroy());
        socket2.once("close", () => server.destroy());
      });
      up.end();
    } catch (error) {
      log.refused(error);
      refuse(error);
    }
  }
  /** What is asked in place of the client. Throws Refused. */
  async #admit(request, log) {
    const rules = this.#gate.rules();
    const method = request.method ?? "";
    const hosts = request.rawHeaders.filter((name2, at) => at % 2 === 0 && name2.toLowerCase() === "host");
    const { fault, name, path, query } = readTarget(method, request.url ?? "", request.headers.host ?? "");
    if (hosts.length !== 1 || fault !== null || path === null) throw new Refused(400, fault ?? "not exactly one Host header");
    log.path = path;
    if (this.#to.name !== null && name !== this.#to.name) throw new Refused(403, `it announces ${name}, and not ${this.#to.name}`);
    const ruling = judgeRequest(rules, this.#to, this.#port, { method, path });
    log.reason = ruling.reason;
    if (ruling.verdict === "denied") throw new Refused(403, ruling.reason);
    const secrets = secretsFor(rules, this.#to.name);
    let headers = endToEnd(request);
    if (secrets.length > 0) {
      headers = headers.filter(([one]) => one.toLowerCase() !== "accept-encoding");
    }
    const swapped = secrets.length === 0 ? { headers, secret: null } : swap(headers, secrets, { method, path, query });
    if ("refused" in swapped) throw new Refused(403, swapped.refused);
    if (!this.#gate.budget.take("requests", 1)) throw new Refused(429, beyond("requests"));
    await this.#gate.names.addresses(this.#to).catch((error) => {
      throw new Refused(error.denied ? 403 : 502, error.message);
    });
    const sent = flat(swapped.headers);
    if (request.headers["transfer-encoding"] !== void 0) sent.push("Transfer-Encoding", "chunked");
    const { port } = this.#way.outside;
    const options = { host: this.#host, port, method, path: `${path}${query}`, headers: sent, setHost: false, agent: this.#agent };
    return { options, secret: swapped.secret, scrubber: secrets.length === 0 ? null : new Scrubber(secrets) };
  }
  #ask(options) {
    const { tls: tls2 } = this.#way.outside;
    const ask = (tls2 ? import_node_https.default : import_node_http.default).request(options);
    ask.setTimeout(SILENCE, () => ask.destroy(new Error("the server was silent for too long")));
    ask.once("socket", (socket2) => {
      if (!socket2.connecting) return;
      const timer = setTimeout(() => ask.destroy(new Error("the server did not answer in time")), CONNECT_TIME);
      socket2.once(tls2 ? "secureConnect" : "connect", () => clearTimeout(timer)).once("close", () => clearTimeout(timer));
    });
    return ask;
  }
  #refusal(error) {
    const reason = error instanceof Error ? error.message : String(error);
    if (!(error instanceof Refused) || !error.denied) return { status: 502, text: unreachableText(this.#host, reason) };
    return { status: error.status, text: deniedText(this.#host, reason) };
  }
  #refuseRaw(request, socket2, why) {
    const log = this.#line(request);
    log.refused(why);
    log.write();
    socket2.on("error", () => {
    });
    socket2.end(httpAnswer(why.status, deniedText(this.#host, why.message), null));
  }
  #malformed(error, socket2) {
    if (error.code === "ECONNRESET" || !socket2.writable) return void socket2.destroy();
    const status = error.code === "HPE_HEADER_OVERFLOW" ? 431 : error.code === "ERR_HTTP_REQUEST_TIMEOUT" ? 408 : 400;
    const log = new Line(this.#gate, this.#seen());
    log.refused(new Refused(status, "not a request that can be read"));
    log.write();
    socket2.end(httpAnswer(status, `agent-jail: not a request that can be read (${error.code ?? ""}).
`, null));
  }
  #line({ method = null, url }) {
    return new Line(this.#gate, { ...this.#seen(), method, path: /^[^?#]*/.exec(url ?? "")?.[0] ?? null });
  }
  #seen() {
    const { name, address } = this.#to;
    return { name, address, port: this.#port, protocol: this.#way.ends ? "tls" : "http", method: null, path: null };
  }
};

// src/network/splice.ts
var import_node_net4 = __toESM(require("node:net"), 1);
var [SMALL, LARGE] = [16 << 10, 1 << 20];
var MOST_LARGE = 64;
var MUCH = 1 << 20;
var LINGER = 1e4;
var Lane = class _Lane {
  static #large = 0;
  bytes = 0;
  #buffer = null;
  buffer() {
    this.#buffer ??= Buffer.allocUnsafeSlow(SMALL);
    if (this.bytes > MUCH && this.#buffer.length === SMALL && _Lane.#large < MOST_LARGE) {
      this.#buffer = Buffer.allocUnsafeSlow(LARGE);
      _Lane.#large += 1;
    }
    return this.#buffer;
  }
  close() {
    if (this.#buffer?.length === LARGE) _Lane.#large -= 1;
    this.#buffer = null;
  }
};
async function passThrough(client, first, to, budget, sorry) {
  const lanes = { upload: new Lane(), download: new Lane() };
  let [error, reached] = [null, null];
  const give = (why) => {
    error ??= why;
    upstream.destroy();
    const answer = reached === null ? sorry(why) : null;
    if (answer === null) return void client.resetAndDestroy();
    lanes.download.bytes += answer.length;
    client.end(answer);
    client.setTimeout(LINGER, () => client.destroy());
  };
  const reader = (direction, write) => ({
    buffer: () => lanes[direction].buffer(),
    take: (chunk) => {
      if (budget.take(direction, chunk.length)) {
        lanes[direction].bytes += chunk.length;
        write(chunk);
      } else give(beyond(direction));
      return false;
    }
  });
  const down = reader("download", (chunk) => client.write(chunk, () => upstream.resume()));
  const up = reader("upload", (chunk) => upstream.write(chunk, () => client.resume()));
  let downTo = down.buffer();
  const upstream = import_node_net4.default.connect({
    host: "upstream",
    port: to.port,
    lookup: pinned(to.addresses),
    autoSelectFamily: to.addresses.length > 1,
    noDelay: true,
    keepAlive: true,
    allowHalfOpen: true,
    onread: { buffer: () => downTo = down.buffer(), callback: (length) => down.take(downTo.subarray(0, length)) }
  });
  const timer = setTimeout(() => give("the server did not answer in time"), CONNECT_TIME);
  upstream.once("connect", () => {
    clearTimeout(timer);
    reached = `${upstream.remoteAddress}:${upstream.remotePort}`;
  });
  upstream.once("end", () => {
    client.end();
    client.setTimeout(LINGER, () => client.destroy());
  });
  upstream.once("error", (cause) => give(cause.message));
  client.once("end", () => upstream.end());
  client.once("close", () => upstream.destroy());
  readInto(client, up);
  if (first.length > 0) up.take(first);
  else client.resume();
  await Promise.all([closed(upstream), closed(client)]);
  clearTimeout(timer);
  const { upload, download } = lanes;
  for (const lane of [upload, download]) lane.close();
  return { upstream: reached, error, bytesIn: upload.bytes, bytesOut: download.bytes };
}
var closed = async (socket2) => new Promise((resolve) => {
  if (socket2.closed) resolve();
  else socket2.once("close", () => resolve());
});

// src/network/connection.ts
var DECISION_TIME = 5e3;
var FIRST_WORD = 200;
var MOST_BYTES = 17 * 1024;
var LINGER2 = 1e3;
var THEIRS = { verdict: "allowed", method: null, path: null };
var Connections = class {
  #gate;
  #servers = /* @__PURE__ */ new Map();
  /** Those that are passed through: their lines are written once both sides have closed. */
  #passing = /* @__PURE__ */ new Set();
  constructor(gate) {
    this.#gate = gate;
  }
  handle(socket2, port) {
    const began = process.hrtime.bigint();
    const address = socket2.localAddress ?? "";
    const to = { name: this.#gate.addresses.nameOf(address), address };
    const service = to.name === null ? null : resolveName(this.#gate.rules(), to.name)?.service ?? null;
    if (service !== null && service.port === port) {
      const begun = { socket: socket2, to, port, began, intent: UNSAID, first: Buffer.alloc(0) };
      return this.#follow(this.#pass(begun, `service ${service.name}`, { addresses: ["127.0.0.1"], port }));
    }
    collect(socket2, port, (intent, first, why) => {
      const begun = { socket: socket2, to, port, began, intent, first };
      if (why === null || !speaksFirst(port)) this.#decide(begun);
      else this.#refuse(begun, judge(this.#gate.rules(), to, port, intent).reason, why);
    });
  }
  /** Resolves once each connection, the jail's side of which is closed, has left its line; or after `ms`: a name may be looked up still. */
  async close(ms2) {
    await Promise.race([Promise.all(this.#passing), (0, import_promises2.setTimeout)(ms2, void 0, { ref: false })]);
    for (const server of this.#servers.values()) server.close();
  }
  #follow(passing) {
    this.#passing.add(passing);
    void passing.finally(() => this.#passing.delete(passing));
  }
  #decide(begun) {
    const { to, port, intent, socket: socket2, first } = begun;
    const ruling = judge(this.#gate.rules(), to, port, intent);
    if (ruling.verdict === "denied") return this.#refuse(begun, ruling.reason, ruling.reason === intent.fault ? null : intent.fault);
    if (!this.#gate.budget.take("connections", 1)) return this.#refuse(begun, beyond("connections"), null);
    if (ruling.way === "pass") return this.#follow(this.#reach(begun, ruling.reason));
    socket2.once(
      "close",
      () => this.#write(begun, { ...THEIRS, reason: ruling.reason, bytesIn: socket2.bytesRead, bytesOut: socket2.bytesWritten })
    );
    this.#server(to, port, ruling).accept(socket2, first);
  }
  async #reach(begun, reason) {
    const { to, port, socket: socket2 } = begun;
    socket2.pause();
    try {
      await this.#pass(begun, reason, { addresses: await this.#gate.names.addresses(to), port });
    } catch (error) {
      const { message, denied: denied2 } = error;
      if (denied2) return this.#refuse(begun, message, null);
      const answer = apology(begun.intent, to.name ?? to.address, message);
      this.#write(begun, { verdict: "allowed", reason, error: message, bytesIn: begun.first.length, bytesOut: answer?.length ?? 0 });
      sayGoodbye(socket2, answer);
    }
  }
  async #pass(begun, reason, upstream) {
    const sorry = (why) => apology(begun.intent, begun.to.name ?? begun.to.address, why);
    const passed = await passThrough(begun.socket, begun.first, upstream, this.#gate.budget, sorry);
    this.#write(begun, { verdict: "allowed", reason, ...passed });
  }
  #refuse(begun, reason, detail) {
    const { socket: socket2, to, intent, first } = begun;
    const answer = detail === null || detail === intent.fault ? refusal(intent, to.name ?? intent.name ?? to.address, reason) : null;
    const why = detail === null ? reason : `${reason} (${detail})`;
    this.#write(begun, { verdict: "denied", reason: why, bytesIn: first.length, bytesOut: answer?.length ?? 0 });
    sayGoodbye(socket2, answer);
  }
  #server(to, port, ruling) {
    const key = [to.name ?? to.address, port, ruling.ends, ruling.outside.tls, ruling.outside.port].join(" ");
    let server = this.#servers.get(key);
    if (server === void 0) this.#servers.set(key, server = new Requests(this.#gate, to, port, ruling));
    return server;
  }
  #write({ to, port, began, intent }, seen) {
    const { protocol, method, path } = intent;
    const { address } = to;
    const name = intent.name ?? to.name;
    this.#gate.log.write({ ...BLANK, began, kind: "connection", transport: "tcp", name, address, port, protocol, method, path, ...seen });
  }
};
function collect(socket2, port, settled) {
  let bytes = Buffer.alloc(0);
  const settle = (intent, why) => {
    clearTimeout(timer);
    socket2.off("data", take).off("end", ended).off("close", closed2);
    settled(intent, bytes, why);
  };
  const take = (chunk) => {
    bytes = Buffer.concat([bytes, chunk]);
    const intent = readIntent(bytes);
    if (intent !== null) settle(intent, null);
    else if (bytes.length >= MOST_BYTES) settle(UNSAID, `its request is longer than ${MOST_BYTES} bytes`);
  };
  const ended = () => settle(UNSAID, "it closed before its request was complete");
  const closed2 = () => settle(UNSAID, "it was closed before its request was complete");
  const timer = setTimeout(
    () => settle(UNSAID, bytes.length === 0 ? "it sent nothing" : "its request was not complete in time"),
    speaksFirst(port) ? DECISION_TIME : FIRST_WORD
  );
  socket2.on("data", take).once("end", ended).once("close", closed2);
}
function resetConnection(socket2, port, log, reason) {
  const [began, address] = [process.hrtime.bigint(), socket2.localAddress ?? null];
  log.write({ ...BLANK, began, kind: "connection", transport: "tcp", address, port, protocol: "unknown", verdict: "denied", reason });
  socket2.resetAndDestroy();
}
function sayGoodbye(socket2, answer) {
  if (answer === null) return void socket2.resetAndDestroy();
  socket2.resume();
  socket2.end(answer);
  const timer = setTimeout(() => socket2.resetAndDestroy(), LINGER2);
  socket2.once("close", () => clearTimeout(timer));
}

// src/network/dns.ts
var RCODE = { noError: 0, formErr: 1, servFail: 2, nxDomain: 3, notImp: 4, refused: 5 };
var HEADER = 12;
var LONGEST2 = 4096;
var [A, OPT, ANY] = [1, 41, 255];
var IN = 1;
var TTL = [0, 0, 0, 60];
function readQuery(packet) {
  if (packet.length < HEADER || packet.length > LONGEST2) return { kind: "silence" };
  const flags = packet.readUInt16BE(2);
  if ((flags & 32768) !== 0) return { kind: "silence" };
  const malformed = (rcode, fault) => ({ kind: "malformed", reply: replyHeader(packet, rcode), fault });
  if ((flags & 30720) !== 0) return malformed(RCODE.notImp, "not a standard query");
  if (packet.readUInt16BE(4) !== 1) return malformed(RCODE.formErr, "not exactly one question");
  const labels = [];
  let at = HEADER;
  for (; ; ) {
    const length = packet[at];
    if (length === void 0) return malformed(RCODE.formErr, "the name is cut off");
    if (length > 63) return malformed(RCODE.formErr, "a label is compressed or too long");
    at += 1;
    if (length === 0) break;
    if (at + length > packet.length) return malformed(RCODE.formErr, "the name is cut off");
    labels.push(labelText(packet.subarray(at, at + length)));
    at += length;
    if (at - HEADER > 254) return malformed(RCODE.formErr, "the name is too long");
  }
  if (at + 4 > packet.length) return malformed(RCODE.formErr, "the question is cut off");
  return {
    kind: "question",
    question: {
      name: labels.join(".") || ".",
      type: packet.readUInt16BE(at),
      class: packet.readUInt16BE(at + 2),
      header: packet.subarray(0, HEADER),
      section: packet.subarray(HEADER, at + 4),
      edns: hasEdns(packet, at + 4)
    }
  };
}
function writeAnswer(question, rcode, address) {
  const answer = rcode === RCODE.noError && address !== null && (question.type === A || question.type === ANY) ? addressRecord(address) : null;
  const authority = answer === null && (rcode === RCODE.noError || rcode === RCODE.nxDomain) ? SOA : null;
  const additional = question.edns ? EDNS : null;
  const header = replyHeader(question.header, rcode);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(answer === null ? 0 : 1, 6);
  header.writeUInt16BE(authority === null ? 0 : 1, 8);
  header.writeUInt16BE(additional === null ? 0 : 1, 10);
  return Buffer.concat([header, question.section, ...[answer, authority, additional].filter((part) => part !== null)]);
}
var isInternet = (question) => question.class === IN;
var TYPES = {
  1: "A",
  2: "NS",
  5: "CNAME",
  6: "SOA",
  12: "PTR",
  15: "MX",
  16: "TXT",
  28: "AAAA",
  33: "SRV",
  64: "SVCB",
  65: "HTTPS",
  252: "AXFR",
  255: "ANY"
};
var typeName = (type) => TYPES[type] ?? `TYPE${type}`;
function replyHeader(query, rcode) {
  const header = Buffer.alloc(HEADER);
  query.copy(header, 0, 0, 2);
  header.writeUInt16BE(33920 | query.readUInt16BE(2) & 30992 | rcode, 2);
  return header;
}
function addressRecord(address) {
  return Buffer.from([192, HEADER, 0, A, 0, IN, ...TTL, 0, 4, ...address.split(".").map(Number)]);
}
var SOA = Buffer.from([0, 0, 6, 0, IN, 0, 0, 0, 30, 0, 22, 0, 0, 0, 0, 0, 1, 0, 0, 14, 16, 0, 0, 2, 88, 0, 1, 81, 128, 0, 0, 0, 30]);
var EDNS = Buffer.from([0, 0, OPT, 4, 208, 0, 0, 0, 0, 0, 0]);
function hasEdns(packet, at) {
  const between = packet.readUInt32BE(6);
  return between === 0 && packet.readUInt16BE(10) > 0 && at + 11 <= packet.length && packet[at] === 0 && packet.readUInt16BE(at + 1) === OPT;
}
function labelText(label) {
  let text2 = "";
  for (const byte2 of label) {
    const character = String.fromCharCode(byte2);
    if (byte2 <= 32 || byte2 >= 127) text2 += `\\${String(byte2).padStart(3, "0")}`;
    else text2 += character === "." || character === "\\" ? `\\${character}` : character.toLowerCase();
  }
  return text2;
}

// src/network/dns-server.ts
var IDLE = 5e3;
var LONGEST3 = 4096;
var NOTHING = Buffer.alloc(0);
function answerPacket(packet, transport, port, gate) {
  const began = process.hrtime.bigint();
  const query = readQuery(packet);
  const write = (name, type2, verdict, reason2, reply) => {
    const bytes = { bytesIn: packet.length, bytesOut: reply?.length ?? 0 };
    gate.log.write({ ...BLANK, began, kind: "dns", transport, name, type: type2, port, protocol: "dns", verdict, reason: reason2, ...bytes });
    return reply;
  };
  if (query.kind === "silence") return write(null, null, "denied", "not a query", null);
  if (query.kind === "malformed") return write(null, null, "denied", `malformed: ${query.fault}`, query.reply);
  const { question } = query;
  const type = typeName(question.type);
  if (!isInternet(question))
    return write(question.name, type, "denied", "not a question of the internet class", writeAnswer(question, RCODE.refused, null));
  const { reason, address, rcode } = lookUp(question.name, gate);
  return write(question.name, type, rcode === RCODE.noError ? "allowed" : "denied", reason, writeAnswer(question, rcode, address));
}
function lookUp(name, { rules, addresses }) {
  if (isLocalhost(name)) return { reason: "loopback", address: "127.0.0.1", rcode: RCODE.noError };
  const found = resolveName(rules(), name);
  if (found === null) return { reason: UNLISTED, address: null, rcode: RCODE.nxDomain };
  const address = addresses.of(name);
  if (address === null) return { reason: "there is no address left for it", address, rcode: RCODE.servFail };
  return { reason: found.rule, address, rcode: RCODE.noError };
}
function serveDatagrams(socket2, port, gate) {
  socket2.on("message", (packet, peer) => {
    const reply = answerPacket(packet, "udp", port, gate);
    if (reply !== null && peer.port !== 0) socket2.send(reply, peer.port, peer.address, () => {
    });
  });
}
function serveStream(socket2, port, gate) {
  let pending = Buffer.alloc(0);
  socket2.setTimeout(IDLE, () => socket2.resetAndDestroy());
  socket2.once("end", () => socket2.end());
  socket2.on("data", (chunk) => {
    pending = Buffer.concat([pending, chunk]);
    while (pending.length >= 2) {
      const length = pending.readUInt16BE(0);
      const tooLong = length > LONGEST3;
      if (!tooLong && pending.length < 2 + length) return;
      const reply = answerPacket(tooLong ? NOTHING : pending.subarray(2, 2 + length), "tcp", port, gate);
      if (reply === null) return void socket2.resetAndDestroy();
      pending = pending.subarray(2 + length);
      const size = Buffer.alloc(2);
      size.writeUInt16BE(reply.length);
      if (!socket2.write(Buffer.concat([size, reply]))) return void socket2.resetAndDestroy();
    }
  });
}

// src/network/drop.ts
var import_node_fs3 = require("node:fs");

// src/system/proc.ts
var import_node_fs2 = require("node:fs");
function parseStatus(text2) {
  const fields2 = /* @__PURE__ */ new Map();
  for (const line of text2.split("\n")) {
    const colon = line.indexOf(":");
    if (colon > 0) fields2.set(line.slice(0, colon), line.slice(colon + 1).trim());
  }
  return fields2;
}
function readProc(pid, name, proc = "/proc") {
  try {
    return (0, import_node_fs2.readFileSync)(`${proc}/${pid}/${name}`, "utf8");
  } catch {
    return null;
  }
}

// src/network/drop.ts
function dropPrivileges(uid, gid) {
  const { setgroups, setgid, setuid } = process;
  if (setgroups === void 0 || setgid === void 0 || setuid === void 0) throw new Error("this system has no user ids");
  setgroups([]);
  setgid(gid);
  setuid(uid);
  for (const thread of (0, import_node_fs3.readdirSync)("/proc/self/task")) {
    const status = readProc("self", `task/${thread}/status`);
    if (status === null) continue;
    const left = privilegeLeft(parseStatus(status), uid, gid);
    if (left.length > 0) throw new Error(`privileges could not be given up: ${left.join(", ")}`);
  }
}
function privilegeLeft(status, uid, gid) {
  const wanted = {
    Uid: Array(4).fill(uid).join("	"),
    Gid: Array(4).fill(gid).join("	"),
    Groups: "",
    CapPrm: "0000000000000000",
    CapEff: "0000000000000000",
    CapAmb: "0000000000000000",
    NoNewPrivs: "1"
  };
  const left = Object.entries(wanted).filter(([name, value]) => status.get(name) !== value);
  return [...left.map(([name]) => `${name} ${status.get(name) ?? "absent"}`), ...uid === 0 || gid === 0 ? ["root was asked for"] : []];
}

// src/network/gate.ts
var import_node_tls = __toESM(require("node:tls"), 1);
function authoritiesOf(more) {
  let all = null;
  return () => all ??= [.../* @__PURE__ */ new Set([...import_node_tls.default.getCACertificates("bundled"), ...import_node_tls.default.getCACertificates("system"), ...more === null ? [] : [more]])];
}

// src/network/open-sockets.ts
var OpenSockets = class {
  #open = /* @__PURE__ */ new Set();
  #most;
  constructor(most) {
    this.#most = most;
  }
  /** Takes the connection in; false where there are too many. */
  admit(socket2) {
    if (this.#open.size >= this.#most) return false;
    this.#open.add(socket2);
    socket2.once("close", () => this.#open.delete(socket2));
    return true;
  }
  /** Resolves when each has told that it is closed. */
  async closeAll() {
    await Promise.all([...this.#open].map((socket2) => new Promise((resolve) => socket2.once("close", resolve).resetAndDestroy())));
  }
};

// src/network/request.ts
function readRequest(text2) {
  const value = object(text2);
  const { kind, id, epoch, sockets, log, uid, gid, handedOut, authorities } = value;
  if (kind !== "serve" || typeof id !== "string") throw new Error("not a request to serve");
  if (typeof epoch !== "string" || !/^[0-9]{1,20}$/.test(epoch)) throw new Error("`epoch` is not a number of nanoseconds");
  if (!whole(log, 3)) throw new Error("`log` is not an inherited descriptor");
  if (!whole(uid, 1) || !whole(gid, 1)) throw new Error("`uid` and `gid` have to be above 0");
  if (!Array.isArray(sockets) || sockets.length === 0) throw new Error("`sockets` is empty");
  if (!whole(handedOut, 0)) throw new Error("`handedOut` is not a number of addresses");
  if (authorities !== null && typeof authorities !== "string") throw new Error("`authorities` is not PEM");
  const sent = value;
  const rules = { agent: inForce(sent.rules?.agent), setup: inForce(sent.rules?.setup) };
  const limits = Object.fromEntries(TRAFFIC.map((name) => [name, limit(sent.limits?.[name])]));
  if (typeof sent.certificates !== "object" || sent.certificates === null) throw new Error("`certificates` is missing");
  const { certificates } = sent;
  return { kind, id, epoch, log, uid, gid, handedOut, authorities, rules, limits, certificates, sockets: sockets.map(socket) };
}
function readNote(line) {
  const { kind, step, setup } = object(line);
  if (kind !== "step" || !whole(step, 0) || typeof setup !== "boolean") throw new Error("an unknown note of the warden");
  return { kind, step, setup };
}
var TRAFFIC = ["upload", "download", "connections", "requests"];
function limit(value) {
  if (value !== null && !whole(value, 0)) throw new Error("an entry of `limits` is neither a number nor null");
  return value;
}
function inForce(value) {
  const { network, secrets } = value ?? {};
  if (network === void 0 || !Array.isArray(network.allow) || !Array.isArray(network.services) || !Array.isArray(secrets))
    throw new Error("an entry of `rules` is wrong");
  return { network, secrets };
}
function socket(value) {
  const { fd, protocol, address, port } = value ?? {};
  if (!whole(fd, 3) || protocol !== "tcp" && protocol !== "udp" || typeof address !== "string" || !whole(port, 1) || port > 65535)
    throw new Error("an entry of `sockets` is wrong");
  return { fd, protocol, address, port };
}
function object(line) {
  const value = JSON.parse(line);
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new Error("a line that is not an object");
  return value;
}
var whole = (value, least) => Number.isSafeInteger(value) && value >= least;

// src/network/tokens.ts
var MOST_BYTES2 = 4 << 20;
var Tokens = class {
  #sum = { requests: 0, input: 0, output: 0 };
  get total() {
    return this.#sum;
  }
  /** Looks on while an answer passes. null: it is of no kind that could tell. */
  reader(contentType) {
    const type = /^[^;]*/.exec(contentType ?? "")?.[0].trim().toLowerCase();
    const events = type === "text/event-stream";
    if (!events && type !== "application/json") return null;
    const use = { input: 0, output: 0 };
    let pending = "";
    let tooLong = false;
    return {
      take: (chunk) => {
        pending += chunk.toString("latin1");
        if (events) {
          const lines2 = pending.split("\n");
          pending = lines2.pop() ?? "";
          for (const line of lines2) {
            if (line.startsWith("data:")) readUse(line.slice(5), use);
          }
        }
        if (pending.length > MOST_BYTES2) [pending, tooLong] = ["", true];
      },
      end: () => {
        if (events) readUse(pending.replace(/^data:/, ""), use);
        else if (!tooLong) readUse(pending, use);
        if (use.input === 0 && use.output === 0) return;
        this.#sum.requests += 1;
        this.#sum.input += use.input;
        this.#sum.output += use.output;
      }
    };
  }
};
function readUse(text2, use) {
  if (!text2.includes("sage")) return;
  let value;
  try {
    value = JSON.parse(text2);
  } catch {
    return;
  }
  const all = Array.isArray(value) ? value : [value];
  for (const one of all.map(fields)) {
    for (const said2 of [one["usage"], fields(one["message"])["usage"], fields(one["response"])["usage"], one["usageMetadata"]]) {
      const { input, output } = useOf(fields(said2));
      if (input > 0) use.input = input;
      if (output > 0) use.output = output;
    }
  }
}
function useOf(usage) {
  const n = (name) => {
    const value = usage[name];
    return typeof value === "number" && Number.isSafeInteger(value) && value > 0 ? value : 0;
  };
  return {
    input: n("input_tokens") + n("cache_creation_input_tokens") + n("cache_read_input_tokens") + n("prompt_tokens") + n("promptTokenCount"),
    output: n("output_tokens") + n("completion_tokens") + n("candidatesTokenCount") + n("thoughtsTokenCount")
  };
}
var fields = (value) => typeof value === "object" && value !== null ? value : {};

// src/network/gateway.ts
var LONGEST_LINE = 1 << 20;
var LARGEST_REQUEST = 64 << 20;
var MOST_CONNECTIONS = 4096;
var BACKLOG = 4096;
var DNS = 53;
var QUIET_TURNS = 5;
var LONGEST_DRAIN = 2e3;
async function runGateway(asked, input, output) {
  const request = readRequest(textOf(asked));
  const messages = lines(input, LONGEST_LINE);
  dropPrivileges(request.uid, request.gid);
  const tell = (event) => void output.write(`${JSON.stringify(event)}
`);
  let setup = false;
  const gate = gateOf(request, tell, () => request.rules[setup ? "setup" : "agent"]);
  const { log, budget, addresses, tokens } = gate;
  const take = (line) => {
    const note2 = readNote(line);
    log.step = note2.step;
    setup = note2.setup;
  };
  const note = await messages.next();
  if (note.done !== true) take(note.value);
  const open = new OpenSockets(MOST_CONNECTIONS);
  const connections = new Connections(gate);
  const servers = await Promise.all(request.sockets.map((socket2) => listen(socket2, gate, connections, open)));
  tell({ kind: "ready" });
  for await (const line of messages) take(line);
  await drain(log);
  for (const server of servers) server.close();
  await open.closeAll();
  await connections.close(LONGEST_DRAIN);
  tell({ ...log.end(), used: { traffic: budget.used, handedOut: addresses.handedOut, tokens: tokens.total } });
  await new Promise((resolve) => output.end(resolve));
}
function textOf(fd) {
  const { size } = (0, import_node_fs4.fstatSync)(fd);
  if (size > LARGEST_REQUEST) throw new Error(`a request of ${size} bytes`);
  const bytes = Buffer.alloc(size);
  for (let at = 0; at < size; ) {
    const read = (0, import_node_fs4.readSync)(fd, bytes, at, size - at, at);
    if (read === 0) throw new Error("the request became shorter");
    at += read;
  }
  (0, import_node_fs4.closeSync)(fd);
  return bytes.toString("utf8");
}
function gateOf(request, tell, rules) {
  const { agent, setup } = request.rules;
  return {
    log: new NetworkLog(request.log, BigInt(request.epoch), tell),
    budget: new Budget(request.limits, (limit2) => tell({ kind: "limit", limit: limit2 })),
    addresses: new Addresses(reserve([agent.network, setup.network]), request.handedOut),
    names: new RealNames(),
    tokens: new Tokens(),
    certificates: request.certificates,
    rules,
    authorities: authoritiesOf(request.authorities)
  };
}
async function listen({ fd, protocol, port }, gate, connections, open) {
  if (protocol === "udp") {
    const socket2 = import_node_dgram.default.createSocket("udp4");
    serveDatagrams(socket2, port, gate);
    const listening2 = (0, import_node_events.once)(socket2, "listening");
    socket2.bind({ fd });
    await listening2;
    return socket2;
  }
  const server = import_node_net5.default.createServer({ noDelay: true, allowHalfOpen: true, pauseOnConnect: true }, (connection) => {
    const socket2 = accepted(connection);
    socket2.on("error", () => {
    });
    if (!open.admit(socket2)) resetConnection(socket2, port, gate.log, `more than ${MOST_CONNECTIONS} connections are open`);
    else if (port === DNS) serveStream(socket2, port, gate);
    else connections.handle(socket2, port);
  });
  const listening = (0, import_node_events.once)(server, "listening");
  server.listen({ fd, backlog: BACKLOG });
  await listening;
  return server;
}
async function drain(log) {
  const until = performance.now() + LONGEST_DRAIN;
  let seen = log.seen;
  for (let quiet = 0; quiet < QUIET_TURNS && performance.now() < until; quiet += 1) {
    await (0, import_promises3.setImmediate)();
    if (log.seen !== seen) quiet = 0;
    seen = log.seen;
  }
}

// src/gateway.ts
var REQUEST = 4;
function fail(error) {
  try {
    (0, import_node_fs5.writeSync)(2, `gateway: ${error instanceof Error ? error.message : String(error)}
`);
  } finally {
    process.exit(70);
  }
}
process.on("uncaughtException", fail);
process.on("unhandledRejection", fail);
runGateway(REQUEST, process.stdin, process.stdout).then(() => process.exit(0), fail);
