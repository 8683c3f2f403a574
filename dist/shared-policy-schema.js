const require = process.getBuiltinModule('node:module').createRequire(import.meta.url);
const { isIP: isIP2 } = process.getBuiltinModule("node:net");
const { domainToASCII } = process.getBuiltinModule("node:url");
const { BlockList, isIP } = process.getBuiltinModule("node:net");
import {
  count,
  either,
  flag,
  isMap,
  list,
  map,
  named,
  number,
  oneOf,
  sizeOf,
  text
} from "./shared-policy-shape.js";
import {
  FLAGS
} from "./shared-model-changes.js";
import {
  absolutePath,
  expression,
  glob,
  imageReference,
  method,
  mountPath,
  mountTarget,
  plainText,
  runtimeName,
  serviceName,
  sha256,
  size,
  sizeOrNone,
  time,
  timeOrOff,
  urlPath,
  variableName
} from "./shared-policy-rules.js";
import {
  custom,
  description,
  literal,
  optional,
  pipe
} from "./shared-valibot.js";
import {
  nearest
} from "./shared-policy-nearest.js";

// src/policy/hosts.ts

// src/model/addresses.ts
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
  const [refused, global] = [new BlockList(), new BlockList()];
  for (const [network2, prefix] of NOT_PUBLIC) refused.addSubnet(network2, prefix, "ipv4");
  for (const [network2, prefix] of NOT_PUBLIC_V6) refused.addSubnet(network2, prefix, "ipv6");
  global.addSubnet(...GLOBAL_V6, "ipv6");
  return { refused, global };
}
function isPublic(address) {
  const family = isIP(address);
  if (family === 0) return false;
  const { refused, global } = lists ??= made();
  if (family === 4) return !refused.check(address, "ipv4");
  return global.check(address, "ipv6") && !refused.check(address, "ipv6");
}

// src/policy/presets.ts
var READ = ["GET", "HEAD"];
var reading = (...hosts) => hosts.map((host2) => ({ host: host2, methods: READ, paths: [] }));
var everything = (...hosts) => hosts.map((host2) => ({ host: host2, methods: [], paths: [] }));
var PRESETS = {
  npm: {
    hosts: [
      ...reading("registry.npmjs.org"),
      { host: "registry.npmjs.org", methods: ["POST"], paths: ["/-/npm/v1/security/*"] }
      // npm audit
    ],
    writable: true
  },
  pypi: { hosts: reading("pypi.org", "files.pythonhosted.org"), writable: false },
  github: {
    hosts: [
      ...everything("github.com", "api.github.com"),
      // git fetches by POST
      ...reading(
        "codeload.github.com",
        "raw.githubusercontent.com",
        "objects.githubusercontent.com",
        "release-assets.githubusercontent.com"
      )
    ],
    writable: true
  },
  debian: { hosts: reading("deb.debian.org", "security.debian.org"), writable: false },
  ubuntu: {
    hosts: reading("archive.ubuntu.com", "security.ubuntu.com", "ports.ubuntu.com", "azure.archive.ubuntu.com"),
    writable: false
  },
  crates: { hosts: reading("crates.io", "index.crates.io", "static.crates.io"), writable: true },
  go: { hosts: reading("proxy.golang.org", "sum.golang.org", "storage.googleapis.com"), writable: true },
  anthropic: { hosts: everything("api.anthropic.com"), writable: true },
  openai: { hosts: everything("api.openai.com"), writable: true },
  "google-ai": { hosts: everything("generativelanguage.googleapis.com"), writable: true }
};
var PRESET_NAMES = Object.keys(PRESETS);
function presetHosts(name) {
  const hosts = Object.hasOwn(PRESETS, name) ? PRESETS[name]?.hosts : void 0;
  return hosts === void 0 ? null : [...new Set(hosts.map(({ host: host2 }) => host2))];
}
function presetRules(name) {
  const hosts = Object.hasOwn(PRESETS, name) ? PRESETS[name]?.hosts : void 0;
  return hosts?.map(({ host: host2, methods: methods2, paths: paths2 }) => ({ pattern: host2, methods: methods2, paths: paths2 })) ?? null;
}

// src/policy/hosts.ts
function parseHosts(text2) {
  const said = JSON.stringify(text2);
  if (text2 === "*" || text2 === "." || text2 === "*.") {
    throw new Error(`${said} would be every host; name the hosts, or use \`network: { observe: true }\``);
  }
  if (/^[\d.]+\/\d+$/.test(text2) && !text2.endsWith("/32")) {
    throw new Error(`${said} is a range; only single addresses can be listed, as 1.2.3.4/32`);
  }
  if (text2.includes("://") || text2.includes("/") !== text2.endsWith("/32")) {
    throw new Error(`${said} is not a host: write the name alone, without scheme and path`);
  }
  if (/^[^:]*:\d+$/.test(text2)) {
    const [host2, port2] = text2.split(":");
    throw new Error(`${said} is not a host: write { host: ${host2}, ports: [${port2}] }`);
  }
  if (text2.endsWith("/32") || isIP2(text2) !== 0) return [parseAddress(text2)];
  const prefix = text2.startsWith("*.") ? "*." : text2.startsWith(".") ? "." : "";
  const bare = text2.slice(prefix.length);
  if (prefix === "" && /^[a-z][a-z0-9-]*$/.test(text2)) return preset(text2);
  const name = parseName(bare);
  if (prefix === "" && !name.includes(".")) throw new Error(`${said} is not a host: a name has at least one dot`);
  return [prefix + name];
}
function parseHostName(text2) {
  const name = parseName(text2);
  if (!name.includes(".")) throw new Error(`${JSON.stringify(text2)} is not a full host name: it has no dot`);
  return name;
}
function preset(name) {
  const hosts = presetHosts(name);
  if (hosts !== null) return hosts;
  const near = nearest(name, PRESET_NAMES);
  const hint = near === null ? `known presets: ${PRESET_NAMES.join(" ")}` : `did you mean \`${near}\`?`;
  throw new Error(`${JSON.stringify(name)} is neither a host (no dot) nor a preset; ${hint}`);
}
function parseName(text2) {
  const said = JSON.stringify(text2);
  if (text2.includes("*")) throw new Error(`${said} is not a host: \`*\` stands only at the front, as in *.example.com`);
  const plain = /^[\x21-\x7e]*$/.test(text2);
  const ascii = (plain ? text2 : text2.includes("%") ? "" : domainToASCII(text2)).toLowerCase().replace(/\.$/, "");
  const labels = ascii.split(".");
  if (ascii.length > 253 || !labels.every((label) => /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(label))) {
    throw new Error(`${said} is not a host name: labels of letters, digits and hyphens, joined by dots`);
  }
  if (/^(?:\d+|0x[0-9a-f]*)$/.test(labels.at(-1) ?? "")) {
    throw new Error(`${said} reads as an address, not as a host name`);
  }
  return ascii;
}
function parseAddress(text2) {
  const said = JSON.stringify(text2);
  const address = text2.replace(/\/32$/, "");
  if (isIP2(address) !== 4) throw new Error(`${said} is not an IPv4 address; single addresses are written 1.2.3.4/32`);
  if (address === text2) throw new Error(`${said} is an address; write it as ${address}/32`);
  if (!isPublic(address)) {
    throw new Error(`${said} is not a public address, and the gateway never goes there; the runner's own ports are \`network.services\``);
  }
  return text2;
}

// src/policy/schema.ts
var names = (description2) => list(text("the name of an environment variable", variableName, "a name"), description2);
var literals = (description2) => named(variableName, text("text", plainText, "the value, as it is"), description2);
var methods = () => list(text("an HTTP method", method, "such as GET"), "HTTP methods that are allowed; none listed: all");
var paths = () => list(text("the path of a URL", urlPath, "such as /v1/*"), "paths that are allowed; `*` at the end is any rest; none listed: all");
var port = (description2) => count(1, 65535, description2);
var host = text("a host", parseHosts, "host.name, *.name (below it), .name (both), 1.2.3.4/32, or a preset such as npm");
var hostRule = either(
  [
    host,
    map(
      {
        host,
        ports: optional(list(port("a port"), "ports"), [80, 443]),
        methods: optional(methods(), []),
        paths: optional(paths(), []),
        tls: optional(
          oneOf(
            ["visible", "named", "any"],
            "TLS that passes without being looked into: none, that which names the host, or any; default: `named`, with methods or paths `visible`"
          )
        )
      },
      "a host, and what may be asked of it"
    )
  ],
  "a host, or a map with host, ports, methods, paths, tls",
  "a host, or a map that says more of it"
);
var network = (description2) => either(
  [
    oneOf(["none"], "nothing is reachable"),
    list(hostRule, "the hosts that are reachable"),
    map(
      {
        allow: optional(list(hostRule, "hosts that are reachable"), []),
        services: optional(
          named(serviceName, port("port of the runner's loopback"), "ports of the runner's loopback, reachable by these names"),
          {}
        ),
        observe: optional(flag("let every public host through, and log it; not with secrets or services"), false)
      },
      "hosts, services, or everything"
    )
  ],
  "`none`, a list of hosts, or a map with allow, services, observe",
  description2
);
var exactHost = text("the name of a host", parseHostName, "one exact host name");
var secrets = (description2) => named(
  variableName,
  either(
    [
      oneOf(["expose"], "the jail holds the value"),
      map(
        {
          inject: either(
            [exactHost, list(exactHost, "exact host names")],
            "a host name, or a list of them",
            "the gateway adds the value on the way to this host"
          ),
          methods: optional(methods(), []),
          paths: optional(paths(), [])
        },
        "the jail holds a placeholder"
      )
    ],
    "`expose`, or a map with inject, methods, paths",
    "how the secret of this name is used"
  ),
  description2
);
var stepLimits = {
  memory: sizeOf((text2) => size(text2, 4 << 20), "memory of all processes together; default: 75 % of the machine's"),
  cpus: number(0.01, 4096, "processors; default: all of the machine's"),
  processes: count(1, 4194304, "processes and threads at a time"),
  time: text("a time", time, "how long a step may take"),
  idle: text("a time, or `off`", timeOrOff, "how long a step may print nothing; `off`: no limit"),
  output: sizeOf((text2) => size(text2), "what a step may print")
};
var limits = {
  memory: optional(stepLimits.memory),
  cpus: optional(stepLimits.cpus),
  processes: optional(stepLimits.processes, 1024),
  time: optional(stepLimits.time, "60m"),
  idle: optional(stepLimits.idle, "off"),
  output: optional(stepLimits.output, "100MiB"),
  disk: optional(
    sizeOf((text2) => size(text2, 1 << 20), "what the run may write; default: 10 GiB, or half of what is free where that is less")
  ),
  files: optional(count(1, 1e8, "files, directories and links that the run may make"), 1e6),
  upload: optional(sizeOf(sizeOrNone, "what the run may send; `none`: no limit"), "none"),
  download: optional(sizeOf(sizeOrNone, "what the run may receive; `none`: no limit"), "none"),
  connections: optional(count(0, 1e9, "connections that the run may make; default: no limit")),
  requests: optional(count(0, 1e9, "HTTP requests that the gateway sees of the run; default: no limit"))
};
var globs = (description2) => list(text("a pattern", glob, "a gitignore pattern"), description2);
var expressions = (description2) => list(text("a regular expression", expression, "a regular expression of JavaScript"), description2);
var FORBIDDEN_FLAGS = ["secret", "setuid", "special", "escaping-link"];
var changes = {
  allow: optional(globs("only these paths may change")),
  review: optional(globs("a change here needs review")),
  deny: optional(globs("a change here fails the run; wins over allow and review")),
  forbid: optional(list(oneOf(FLAGS, "a flag of a change"), "changes with one of these flags fail the run"), [...FORBIDDEN_FLAGS]),
  require: optional(globs("each of these must match a change")),
  "max-files": optional(count(0, 1e8, "changed files")),
  "max-added-lines": optional(count(0, 1e9, "lines that the patch adds")),
  "max-bytes": optional(sizeOf((text2) => size(text2, 0), "size of the changed files together")),
  root: optional(flag("whether files outside the workspace and the home may change"))
};
var root = either(
  [
    oneOf(["host"], "the runner's own programs, read through an overlay"),
    map(
      {
        image: optional(text("an image", imageReference, "a container image")),
        directory: optional(text("an absolute path", mountPath, "a directory that holds a root file system")),
        archive: optional(text("an absolute path", absolutePath, "a tar archive of a root file system")),
        sha256: optional(text("a SHA-256", sha256, "what the archive must be"))
      },
      "exactly one of image, directory, archive"
    )
  ],
  "`host`, or a map with one of image, directory, archive",
  "where the root file system of the jail comes from"
);
var ACCESS = ["copy-on-write", "read-only", "none"];
var NO_WRITE = { "read-write": "There is no read-write; with `copy-on-write` the writes are kept in the record." };
var workspaceAccess = oneOf(ACCESS, "what steps may do in the workspace", NO_WRITE);
var runtime = text("the name of a runtime", runtimeName, "an OCI runtime that the engine has, by its name");
var emulation = oneOf(["allow", "refuse"], "whether a virtual machine may be emulated, which is slow, where /dev/kvm is of no use");
var policySchema = map(
  {
    version: optional(pipe(literal(1, "the only version is 1\nWrite `version: 1`."), description("version of this format")), 1),
    jail: optional(
      map(
        {
          backend: optional(
            oneOf(["auto", "nspawn", "docker", "vm"], "what puts the processes into the jail", {
              chroot: "chroot isolates nothing; it can be asked for on the command line only."
            }),
            "auto"
          ),
          root: optional(root, "host"),
          toolchain: optional(oneOf(["auto", "none"], "whether the jail sees what setup actions installed"), "auto"),
          docker: optional(map({ runtime: optional(runtime) }, "for the backend docker")),
          vm: optional(map({ emulation: optional(emulation, "refuse") }, "how a virtual machine is made"), {})
        },
        "how the jail is made",
        ["user"]
      ),
      {}
    ),
    workspace: optional(
      either(
        [
          workspaceAccess,
          map(
            { access: optional(workspaceAccess, "copy-on-write"), hide: optional(globs("paths that are not there in the jail"), []) },
            "the workspace"
          )
        ],
        `one of ${ACCESS.join(", ")}, or a map with access, hide`,
        "the checked-out repository, at its own path"
      ),
      "copy-on-write"
    ),
    mounts: optional(
      list(
        either(
          [
            text("an absolute path", mountPath, "a directory, read-only, at its own path"),
            map(
              {
                source: text("an absolute path", mountPath, "a directory of the runner"),
                target: optional(text("an absolute path", mountTarget, "where the jail sees it; default: the same path")),
                access: optional(oneOf(["read-only", "copy-on-write"], "what steps may do in it", NO_WRITE), "read-only")
              },
              "a directory"
            )
          ],
          "an absolute path, or a map with source, target, access",
          "a further directory"
        ),
        "further directories of the runner that the jail sees"
      ),
      []
    ),
    env: optional(literals("environment variables of every step"), {}),
    "pass-env": optional(names("variables that steps get from the environment of the action"), []),
    secrets: optional(secrets("secrets, by the name of the environment variable that holds them"), {}),
    network: optional(network("what steps can reach"), "none"),
    limits: optional(map(limits, "what a run may use"), {}),
    guards: optional(
      map(
        {
          changes: optional(map(changes, "rules for what was changed"), {}),
          network: optional(
            map(
              { denied: optional(oneOf(["fail", "review", "ignore"], "what a refused connection means"), "ignore") },
              "rules for what was reached"
            ),
            {}
          ),
          output: optional(
            map(
              {
                require: optional(expressions("each of these must match what was printed"), []),
                forbid: optional(expressions("none of these may match what was printed"), [])
              },
              "rules for what was printed"
            ),
            {}
          )
        },
        "rules that the record is checked against"
      ),
      {}
    ),
    result: optional(
      map(
        {
          schema: optional(
            pipe(
              custom(isMap, "not a map\nWrite a JSON Schema here."),
              description("JSON Schema of what the agent writes to $AGENT_JAIL_RESULT; none: any text")
            )
          )
        },
        "what the agent answers"
      ),
      {}
    ),
    record: optional(
      map(
        {
          streams: optional(oneOf(["merged", "split"], "whether stdout and stderr are one stream, in exact order, or two"), "merged"),
          touched: optional(flag("whether files are listed whose time alone was changed"), false)
        },
        "what the record holds"
      ),
      {}
    ),
    setup: optional(
      map(
        {
          network: optional(network("what setup steps can reach")),
          env: optional(literals("environment variables of setup steps")),
          "pass-env": optional(names("variables that setup steps get from the environment of the action")),
          secrets: optional(secrets("secrets of setup steps; default: none"), {}),
          limits: optional(
            map(
              {
                memory: optional(stepLimits.memory),
                cpus: optional(stepLimits.cpus),
                processes: optional(stepLimits.processes),
                time: optional(stepLimits.time),
                idle: optional(stepLimits.idle),
                output: optional(stepLimits.output)
              },
              "what a setup step may use"
            ),
            {}
          )
        },
        "in force for setup steps instead of the run's; what is left out is the run's, but for secrets"
      ),
      {}
    )
  },
  "What an agent-jail run may see, reach, use and change."
);

// src/model/hosts.ts
function covers(pattern, name) {
  if (pattern.startsWith("*.")) return name.endsWith(pattern.slice(1));
  if (pattern.startsWith(".")) return name === pattern.slice(1) || name.endsWith(pattern);
  return pattern === name;
}

export {
  covers,
  PRESET_NAMES,
  presetHosts,
  presetRules,
  parseHosts,
  parseHostName,
  FORBIDDEN_FLAGS,
  policySchema
};
