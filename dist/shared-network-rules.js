import {
  covers,
  isPublic
} from "./shared-model-addresses.js";

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
  const any = found.find(({ tls }) => tls === "any");
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
  const rule = found.find(({ tls }) => tls !== "visible");
  return rule === void 0 ? denied(`methods and paths cannot be seen in TLS; use http://${to.name ?? to.address}, the gateway speaks TLS outside`) : pass(rule);
}
function judgeHttp(rules, found, to, port, intent) {
  if (intent.fault !== null) return denied(intent.fault);
  if (port === HTTPS) return denied("HTTP without TLS on port 443");
  const wrong = wrongName(to, intent, null);
  if (wrong !== null) return wrong;
  const secret = secretsFor(rules, to.name).length > 0;
  const tls = secret || found.every((rule) => rule.tls === "visible") && found.some(({ ports }) => ports.includes(HTTPS));
  const outside = { tls, port: tls && port === HTTP ? HTTPS : port };
  return { verdict: "allowed", reason: said(found[0]), way: "requests", ends: false, outside };
}
function wrongName({ name }, intent, rule) {
  if (name === null || intent.name === name || rule !== null && intent.name === null) return null;
  return denied(`it announces ${intent.name ?? "no name"}, and not ${name}`);
}
var narrow = ({ methods, paths, tls }) => tls === "visible" && methods.length + paths.length > 0;
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
  const listen = (address, port) => {
    if (!speaksFirst(port)) sockets.set(`${address}:${port}`, { protocol: "tcp", address, port });
  };
  const rules = networks.flatMap(({ allow }) => allow);
  for (const { name, port } of networks.flatMap(({ services }) => services)) {
    if (!exact.has(name)) exact.set(name, take());
    listen(exact.get(name) ?? "", port);
  }
  for (const { pattern } of rules) {
    const ports = portsOf(rules, pattern);
    if (ports.every(speaksFirst) || exact.has(pattern) || below.has(pattern)) continue;
    const literal = pattern.endsWith("/32");
    const wild = pattern.startsWith(".") || pattern.startsWith("*");
    const own = literal ? [pattern.slice(0, -3)] : Array.from({ length: wild ? BELOW_A_WILDCARD : 1 }, take);
    if (wild) below.set(pattern, own);
    else if (!literal) exact.set(pattern, own[0] ?? "");
    for (const address of own) for (const port of ports) listen(address, port);
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

export {
  UNLISTED,
  speaksFirst,
  resolveName,
  secretsFor,
  judge,
  judgeRequest,
  inScope,
  reserve,
  Addresses
};
