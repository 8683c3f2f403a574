const { writeSync } = process.getBuiltinModule("node:fs");
const dgram = process.getBuiltinModule("node:dgram");
const { once } = process.getBuiltinModule("node:events");
const net = process.getBuiltinModule("node:net");
const { setImmediate } = process.getBuiltinModule("node:timers/promises");
const { readdirSync } = process.getBuiltinModule("node:fs");
import {
  parseStatus,
  readProc
} from "./shared-system-proc.js";
import {
  NdjsonWriter
} from "./shared-system-ndjson.js";
import {
  lines
} from "./shared-system-lines.js";
import "./shared-runtime.js";

// src/gateway.ts

// src/network/gateway.ts

// src/network/names.ts
function decide({ kind, name }) {
  if (kind === "dns" && name !== null && (name === "localhost" || name.endsWith(".localhost")))
    return { verdict: "allowed", reason: "loopback", address: "127.0.0.1" };
  return { verdict: "denied", reason: "no rule allows it", address: null };
}
function hostName(text2) {
  const name = (text2.endsWith(".") ? text2.slice(0, -1) : text2).toLowerCase();
  if (name.length === 0 || name.length > 253) return null;
  return name.split(".").every((label) => /^[a-z0-9_-]{1,63}$/.test(label)) ? name : null;
}

// src/network/hello.ts
var [HANDSHAKE, CLIENT_HELLO, SERVER_NAME, HOST_NAME] = [22, 1, 0, 0];
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
  if (hello.atEnd) return { kind: "hello", name: null };
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
  return { kind: "hello", name };
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
  const [requestLine = "", ...fields] = bytes.toString("latin1", 0, end).split("\r\n");
  const [method = "", target = "", version = "", ...rest] = requestLine.split(" ");
  if (rest.length > 0 || !/^[A-Z]+$/.test(method) || !/^[\x21-\x7e]+$/.test(target)) return fault("not a request line");
  if (version !== "HTTP/1.1" && version !== "HTTP/1.0") return fault("a version that is not HTTP/1.0 or HTTP/1.1");
  const hosts = [];
  for (const field of fields) {
    const colon = field.indexOf(":");
    if (colon === -1 || !/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(field.slice(0, colon))) return fault("a header line without a valid name");
    if (/[\0\r\n]/.test(field)) return fault("a header line with a control character");
    if (field.slice(0, colon).toLowerCase() === "host")
      hosts.push(
        field.slice(colon + 1).replace(/^[ \t]+/, "").trimEnd()
      );
  }
  if (hosts.length !== 1) return fault(hosts.length === 0 ? "no Host header" : "more than one Host header");
  const name = hostOf(hosts[0] ?? "");
  if (name === null) return fault("a Host header that is not a host");
  const { authority, path } = splitTarget(method, target);
  if (path !== null && !path.startsWith("/") && path !== "*") return fault("a request target of an unknown form");
  if (authority !== null && hostOf(authority) !== name) return fault("a request target that contradicts the Host header");
  return { kind: "head", method, path: path === null ? null : withoutQuery(path), name };
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
var UNSAID = { protocol: "unknown", name: null, method: null, path: null, fault: null };
function readIntent(bytes) {
  if (bytes.length === 0) return null;
  if (bytes[0] === TLS_HANDSHAKE) {
    const hello = readHello(bytes);
    if (hello.kind === "more") return null;
    return { ...UNSAID, protocol: "tls", ...hello.kind === "fault" ? { fault: hello.fault } : { name: hello.name } };
  }
  if (looksLikeHttp(bytes)) {
    const head = readHead(bytes);
    if (head.kind === "more") return null;
    if (head.kind === "fault") return { ...UNSAID, protocol: "http", fault: head.fault };
    return { protocol: "http", name: head.name, method: head.method, path: head.path, fault: null };
  }
  return { ...UNSAID, fault: "neither TLS nor HTTP" };
}

// src/network/log.ts
var BLANK = { name: null, type: null, address: null, method: null, path: null, bytesIn: 0, bytesOut: 0 };
var MOST_LINES = 1e5;
var MOST_EVENTS = 1e3;
var LONGEST = { name: 255, type: 16, address: 45, method: 16, path: 1024, reason: 200 };
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
      reason: text(seen.reason, LONGEST.reason) ?? ""
    };
    if (this.#writer.lines < MOST_LINES)
      this.#writer.line({ t: ms(began - this.#epoch), step: this.step, ...clean, ms: ms(process.hrtime.bigint() - began) });
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
var ms = (ns) => Number(ns / 1000n) / 1e3;
function text(value, max) {
  return value === null ? null : value.replace(/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu, "").slice(0, max);
}

// src/network/refusal.ts
var ACCESS_DENIED = Buffer.from([21, 3, 3, 0, 2, 2, 49]);
function refusal(intent, host, reason) {
  if (intent.protocol === "tls") return ACCESS_DENIED;
  if (intent.protocol !== "http") return null;
  const status = intent.fault === null ? "403 Forbidden" : "400 Bad Request";
  const body = intent.fault === null ? `agent-jail: ${host} is not allowed by the policy (${reason}). A retry is useless.
` : `agent-jail: ${intent.fault}.
`;
  const head = [
    `HTTP/1.1 ${status}`,
    "Content-Type: text/plain; charset=utf-8",
    `Content-Length: ${Buffer.byteLength(body)}`,
    "Cache-Control: no-store",
    "Connection: close"
  ];
  return Buffer.from(`${head.join("\r\n")}\r
\r
${intent.method === "HEAD" ? "" : body}`);
}

// src/network/connection.ts
var DECISION_TIME = 5e3;
var MOST_BYTES = 17 * 1024;
var LINGER = 1e3;
function handleConnection(socket2, port, log) {
  const began = process.hrtime.bigint();
  const address = socket2.localAddress ?? null;
  let bytes = Buffer.alloc(0);
  let settled = false;
  const settle = (intent, why) => {
    if (settled) return;
    settled = true;
    clearTimeout(timer);
    const { reason } = decide({ kind: "connection", name: intent.name });
    const answer = why === null ? refusal(intent, intent.name ?? address ?? "this address", reason) : null;
    const detail = why ?? intent.fault;
    log.write({
      ...BLANK,
      began,
      kind: "connection",
      transport: "tcp",
      name: intent.name,
      address,
      port,
      protocol: intent.protocol,
      method: intent.method,
      path: intent.path,
      verdict: "denied",
      reason: detail === null ? reason : `${reason} (${detail})`,
      bytesIn: bytes.length,
      bytesOut: answer?.length ?? 0
    });
    bytes = Buffer.alloc(0);
    if (answer === null) socket2.resetAndDestroy();
    else sayGoodbye(socket2, answer);
  };
  const timer = setTimeout(
    () => settle(UNSAID, bytes.length === 0 ? "it sent nothing" : "its request was not complete in time"),
    DECISION_TIME
  );
  socket2.on("data", (chunk) => {
    if (settled) return;
    bytes = Buffer.concat([bytes, chunk.subarray(0, MOST_BYTES - bytes.length)]);
    const intent = readIntent(bytes);
    if (intent !== null) settle(intent, null);
    else if (bytes.length === MOST_BYTES) settle(UNSAID, `its request is longer than ${MOST_BYTES} bytes`);
  });
  socket2.once("end", () => settle(UNSAID, "it closed before its request was complete"));
  socket2.once("close", () => settle(UNSAID, "it was closed before its request was complete"));
}
function resetConnection(socket2, port, log, reason) {
  const [began, address] = [process.hrtime.bigint(), socket2.localAddress ?? null];
  log.write({ ...BLANK, began, kind: "connection", transport: "tcp", address, port, protocol: "unknown", verdict: "denied", reason });
  socket2.resetAndDestroy();
}
function sayGoodbye(socket2, answer) {
  socket2.end(answer);
  const timer = setTimeout(() => socket2.resetAndDestroy(), LINGER);
  socket2.once("close", () => clearTimeout(timer));
}

// src/network/dns.ts
var RCODE = { noError: 0, formErr: 1, nxDomain: 3, notImp: 4, refused: 5 };
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
  for (const byte of label) {
    const character = String.fromCharCode(byte);
    if (byte <= 32 || byte >= 127) text2 += `\\${String(byte).padStart(3, "0")}`;
    else text2 += character === "." || character === "\\" ? `\\${character}` : character.toLowerCase();
  }
  return text2;
}

// src/network/dns-server.ts
var IDLE = 5e3;
var LONGEST3 = 4096;
var NOTHING = Buffer.alloc(0);
function answerPacket(packet, transport, port, log) {
  const began = process.hrtime.bigint();
  const query = readQuery(packet);
  const write = (name, type2, verdict2, reason2, reply) => {
    const bytes = { bytesIn: packet.length, bytesOut: reply?.length ?? 0 };
    log.write({ ...BLANK, began, kind: "dns", transport, name, type: type2, port, protocol: "dns", verdict: verdict2, reason: reason2, ...bytes });
    return reply;
  };
  if (query.kind === "silence") return write(null, null, "denied", "not a query", null);
  if (query.kind === "malformed") return write(null, null, "denied", `malformed: ${query.fault}`, query.reply);
  const { question } = query;
  const type = typeName(question.type);
  if (!isInternet(question))
    return write(question.name, type, "denied", "not a question of the internet class", writeAnswer(question, RCODE.refused, null));
  const { verdict, reason, address } = decide({ kind: "dns", name: question.name });
  return write(
    question.name,
    type,
    verdict,
    reason,
    writeAnswer(question, verdict === "allowed" ? RCODE.noError : RCODE.nxDomain, address)
  );
}
function serveDatagrams(socket2, port, log) {
  socket2.on("message", (packet, peer) => {
    const reply = answerPacket(packet, "udp", port, log);
    if (reply !== null && peer.port !== 0) socket2.send(reply, peer.port, peer.address, () => {
    });
  });
}
function serveStream(socket2, port, log) {
  let pending = Buffer.alloc(0);
  socket2.setTimeout(IDLE, () => socket2.resetAndDestroy());
  socket2.on("data", (chunk) => {
    pending = Buffer.concat([pending, chunk]);
    while (pending.length >= 2) {
      const length = pending.readUInt16BE(0);
      const tooLong = length > LONGEST3;
      if (!tooLong && pending.length < 2 + length) return;
      const reply = answerPacket(tooLong ? NOTHING : pending.subarray(2, 2 + length), "tcp", port, log);
      if (reply === null) return void socket2.resetAndDestroy();
      pending = pending.subarray(2 + length);
      const size = Buffer.alloc(2);
      size.writeUInt16BE(reply.length);
      if (!socket2.write(Buffer.concat([size, reply]))) return void socket2.resetAndDestroy();
    }
  });
}

// src/network/drop.ts
function dropPrivileges(uid, gid) {
  const { setgroups, setgid, setuid } = process;
  if (setgroups === void 0 || setgid === void 0 || setuid === void 0) throw new Error("this system has no user ids");
  setgroups([]);
  setgid(gid);
  setuid(uid);
  for (const thread of readdirSync("/proc/self/task")) {
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
function readRequest(line) {
  const value = object(line);
  const { kind, id, epoch, sockets, log, uid, gid } = value;
  if (kind !== "serve" || typeof id !== "string") throw new Error("the first line is not a request to serve");
  if (typeof epoch !== "string" || !/^[0-9]{1,20}$/.test(epoch)) throw new Error("`epoch` is not a number of nanoseconds");
  if (!whole(log, 3)) throw new Error("`log` is not an inherited descriptor");
  if (!whole(uid, 1) || !whole(gid, 1)) throw new Error("`uid` and `gid` have to be above 0");
  if (!Array.isArray(sockets) || sockets.length === 0) throw new Error("`sockets` is empty");
  return { kind, id, epoch, log, uid, gid, sockets: sockets.map(socket) };
}
function readNote(line) {
  const { kind, step } = object(line);
  if (kind !== "step" || !whole(step, 0)) throw new Error("an unknown note of the warden");
  return { kind, step };
}
function socket(value) {
  const { fd, protocol, port } = value ?? {};
  if (!whole(fd, 3) || protocol !== "tcp" && protocol !== "udp" || !whole(port, 1) || port > 65535)
    throw new Error("an entry of `sockets` is wrong");
  return { fd, protocol, port };
}
function object(line) {
  const value = JSON.parse(line);
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new Error("a line that is not an object");
  return value;
}
var whole = (value, least) => Number.isSafeInteger(value) && value >= least;

// src/network/gateway.ts
var LONGEST_LINE = 1 << 20;
var MOST_CONNECTIONS = 4096;
var BACKLOG = 4096;
var DNS = 53;
var QUIET_TURNS = 5;
var LONGEST_DRAIN = 2e3;
async function runGateway(input, output) {
  const messages = lines(input, LONGEST_LINE);
  const first = await messages.next();
  if (first.done === true) throw new Error("the input ended before the request");
  const request = readRequest(first.value);
  dropPrivileges(request.uid, request.gid);
  const tell = (event) => void output.write(`${JSON.stringify(event)}
`);
  const log = new NetworkLog(request.log, BigInt(request.epoch), tell);
  const open = new OpenSockets(MOST_CONNECTIONS);
  const servers = await Promise.all(request.sockets.map((socket2) => listen(socket2, log, open)));
  tell({ kind: "ready" });
  for await (const line of messages) log.step = readNote(line).step;
  await drain(log);
  for (const server of servers) server.close();
  await open.closeAll();
  tell(log.end());
  await new Promise((resolve) => output.end(resolve));
}
async function listen({ fd, protocol, port }, log, open) {
  if (protocol === "udp") {
    const socket2 = dgram.createSocket("udp4");
    serveDatagrams(socket2, port, log);
    const listening2 = once(socket2, "listening");
    socket2.bind({ fd });
    await listening2;
    return socket2;
  }
  const server = net.createServer({ noDelay: true }, (socket2) => {
    socket2.on("error", () => {
    });
    if (!open.admit(socket2)) resetConnection(socket2, port, log, `more than ${MOST_CONNECTIONS} connections are open`);
    else if (port === DNS) serveStream(socket2, port, log);
    else handleConnection(socket2, port, log);
  });
  const listening = once(server, "listening");
  server.listen({ fd, backlog: BACKLOG });
  await listening;
  return server;
}
async function drain(log) {
  const until = performance.now() + LONGEST_DRAIN;
  let seen = log.seen;
  for (let quiet = 0; quiet < QUIET_TURNS && performance.now() < until; quiet += 1) {
    await setImmediate();
    if (log.seen !== seen) quiet = 0;
    seen = log.seen;
  }
}

// src/gateway.ts
function fail(error) {
  try {
    writeSync(2, `gateway: ${error instanceof Error ? error.message : String(error)}
`);
  } finally {
    process.exit(70);
  }
}
process.on("uncaughtException", fail);
process.on("unhandledRejection", fail);
runGateway(process.stdin, process.stdout).then(() => process.exit(0), fail);
