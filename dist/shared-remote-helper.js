const { setTimeout: sleep } = process.getBuiltinModule("node:timers/promises");
const { createHash } = process.getBuiltinModule("node:crypto");
const { readdirSync, readFileSync } = process.getBuiltinModule("node:fs");
const { join } = process.getBuiltinModule("node:path");
import {
  ARCHITECTURES,
  ARCHITECTURE_NAMES
} from "./shared-model-architecture.js";
import {
  messageOf
} from "./shared-system-engine.js";
import {
  SINGLE_THREADED
} from "./shared-system-exec.js";
import {
  JailError
} from "./shared-model-errors.js";

// src/remote/helper.ts

// src/remote/helper-name.ts
var LABEL = ["agent-jail.image", "helper"];
var FAR_NODE = "/agent-jail/node";
var FAR_DIST = "/agent-jail/dist";
var PATIENCE = 15 * 6e4;
function nameOf(content, dist) {
  const digest = createHash("sha256").update(JSON.stringify([...content, distDigest(dist)]));
  return `agent-jail-helper-${digest.digest("hex").slice(0, 16)}`;
}
var isThere = async (engine, name) => (await engine.ask("GET", `/images/${name}/json`)).status === 200;
function distDigest(dist) {
  const hash = createHash("sha256");
  for (const name of readdirSync(dist).sort())
    hash.update(name).update("\0").update(readFileSync(join(dist, name)));
  return hash.digest("hex");
}

// src/remote/multiplexed.ts
var HEAD = 8;
var [STDOUT, STDERR] = [1, 2];
async function* stdoutOf(chunks, errors) {
  let rest = Buffer.alloc(0);
  let piece = null;
  for await (const chunk of chunks) {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    while (rest.length > 0) {
      if (piece === null) {
        if (rest.length < HEAD) break;
        const stream = rest[0] ?? 0;
        if (stream !== STDOUT && stream !== STDERR || rest.readUIntBE(1, 3) !== 0)
          throw new Error("what came is no stream of a container");
        piece = { stream, left: rest.readUInt32BE(4) };
        rest = rest.subarray(HEAD);
      }
      const bytes = rest.subarray(0, piece.left);
      rest = rest.subarray(bytes.length);
      piece.left -= bytes.length;
      if (bytes.length > 0) {
        if (piece.stream === STDOUT) yield bytes;
        else errors(bytes);
      }
      if (piece.left === 0) piece = null;
    }
  }
}

// src/remote/helper.ts
var LABEL2 = "agent-jail.run";
var HELPER = "agent-jail.helper";
var STATE = "/var/lib/agent-jail";
var LONGEST_SAID = 4096;
var PATIENCE2 = 3e4;
var architectureAt = ({ Architecture }) => Object.keys(ARCHITECTURES).find((one) => ARCHITECTURES[one].engine.includes(Architecture)) ?? null;
function noHelper(info) {
  const { OSType, Architecture, SecurityOptions } = info;
  if (OSType !== "linux") return `runs ${OSType} containers, and a jail needs Linux`;
  if (architectureAt(info) === null) return `is a machine of ${Architecture}, and jails are made on ${ARCHITECTURE_NAMES}`;
  if ((SecurityOptions ?? []).some((option) => option.startsWith("name=rootless")))
    return "is rootless, and a helper needs to mount file systems";
  return null;
}
var CAPABILITIES = [
  "AUDIT_WRITE",
  "CHOWN",
  "DAC_OVERRIDE",
  "DAC_READ_SEARCH",
  "FOWNER",
  "FSETID",
  "KILL",
  "MKNOD",
  "NET_ADMIN",
  "NET_BIND_SERVICE",
  "NET_RAW",
  "SETFCAP",
  "SETGID",
  "SETPCAP",
  "SETUID",
  "SYS_ADMIN",
  "SYS_CHROOT",
  "SYS_NICE",
  "SYS_PTRACE"
];
var LIMIT = 16384;
function privilegesOf(product) {
  if (product === "podman") return { Privileged: true, Ulimits: ["nofile", "nproc"].map((Name) => ({ Name, Soft: LIMIT, Hard: LIMIT })) };
  return {
    CapDrop: ["ALL"],
    CapAdd: CAPABILITIES,
    SecurityOpt: ["seccomp=unconfined", "apparmor=unconfined", "label=disable"],
    MaskedPaths: [],
    ReadonlyPaths: [],
    DeviceCgroupRules: ["b 7:* rwm", "c 10:237 rwm"]
    // loop devices, and what hands them out
  };
}
function helperContainer(id, image, places, product) {
  return {
    Image: image,
    // Podman gives no namespace of groups on v1.
    Cmd: ["/usr/bin/unshare", "--cgroup", "--", FAR_NODE, ...SINGLE_THREADED, `${FAR_DIST}/far.js`],
    Entrypoint: null,
    Env: ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LANG=C.UTF-8"],
    Labels: { [LABEL2]: id, [HELPER]: "1" },
    AttachStdin: true,
    AttachStdout: true,
    AttachStderr: true,
    OpenStdin: true,
    StdinOnce: true,
    // whoever asked for it is gone: it ends
    Tty: false,
    // Not on the container's own file system: an overlay can be no upper directory, and ids cannot be mapped on it.
    Volumes: Object.fromEntries([STATE, ...places].map((place) => [place, {}])),
    HostConfig: {
      ...privilegesOf(product),
      CgroupnsMode: "private",
      // its own group is the root of what it sees: the run's lie below it, and go with it
      UsernsMode: "host",
      AutoRemove: true,
      // with its volumes
      LogConfig: { Type: "none" },
      RestartPolicy: { Name: "no" }
    }
  };
}
async function startHelper(engine, id, image, places) {
  const name = `agent-jail-${id}-helper`;
  const made = await engine.ask("POST", `/containers/create?name=${name}`, {
    body: helperContainer(id, image, places, engine.product),
    timeout: 6e5
  });
  if (made.status !== 201) throw refusal(engine, "make", messageOf(made.status, made.body));
  const remove = async () => {
    try {
      await engine.ask("DELETE", `/containers/${name}?force=1&v=1`);
      for (const end = performance.now() + PATIENCE2; performance.now() < end; await sleep(50))
        if ((await engine.ask("GET", `/containers/${name}/json`)).status === 404) return;
    } catch {
    }
  };
  try {
    const stdin = await engine.attach(`/containers/${name}/attach?stream=1&stdin=1&stdout=1&stderr=1`);
    const started = await engine.ask("POST", `/containers/${name}/start`);
    if (started.status !== 204) {
      stdin.destroy();
      throw refusal(engine, "start", messageOf(started.status, started.body));
    }
    let said = "";
    const stdout = stdoutOf(stdin, (bytes) => {
      if (said.length < LONGEST_SAID) said += bytes.toString("utf8");
    });
    return { stdin, stdout, errors: () => said.trim(), remove };
  } catch (error) {
    await remove();
    throw error;
  }
}
var FORGOTTEN = 3e4;
var isForgotten = ({ State, Created }, now) => State === "created" && now - Created * 1e3 > FORGOTTEN;
async function removeForgotten(engine, now = Date.now()) {
  const filters = encodeURIComponent(JSON.stringify({ label: [`${HELPER}=1`] }));
  const { status, body } = await engine.ask("GET", `/containers/json?all=1&filters=${filters}`);
  if (status !== 200) throw new JailError(`the engine at ${engine.where} ${messageOf(status, body)}`, "look into its log");
  const removed = [];
  for (const one of body.filter(
    (listed) => isForgotten(listed, now)
  )) {
    await engine.ask("DELETE", `/containers/${one.Id}?force=1&v=1`);
    removed.push(`the helper of ${one.Labels[LABEL2] ?? "a run"} at ${engine.where}`);
  }
  return removed;
}
var refusal = (engine, what, said) => new JailError(
  `the engine at ${engine.where} does not ${what} the helper container: ${said}`,
  "the engine has to allow privileged containers; look into its log"
);

export {
  LABEL,
  FAR_NODE,
  FAR_DIST,
  PATIENCE,
  nameOf,
  isThere,
  architectureAt,
  noHelper,
  helperContainer,
  startHelper,
  isForgotten,
  removeForgotten
};
