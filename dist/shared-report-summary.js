import {
  fit,
  more
} from "./shared-report-sections.js";
import {
  RecordError
} from "./shared-record-error.js";
import {
  bytes,
  inlineCode,
  inlineShown,
  table,
  time
} from "./shared-report-markdown.js";
import {
  displayPath
} from "./shared-record-display.js";

// src/report/tally.ts
var NAMED = 50;
var HOSTS = 1e3;
var KINDS = 5e3;
async function changeTally(record) {
  const layers = /* @__PURE__ */ new Map();
  const first = [];
  let tracked = 0;
  for await (const change of record.lines("changes.ndjson")) {
    const { layer, flags } = change;
    addTo(layers, change);
    if (layer !== "workspace" || flags.includes("ignored") || flags.includes("git-dir")) continue;
    tracked += 1;
    if (first.length < NAMED) first.push(change);
  }
  return { layers: [...layers.values()], first, tracked };
}
function addTo(layers, { layer, op, flags, more: more2 = 0 }) {
  const tally = layers.get(layer) ?? { layer, added: 0, modified: 0, deleted: 0, renamed: 0, other: 0, ignored: 0 };
  layers.set(layer, tally);
  tally[op === "retyped" || op === "metadata" || op === "touched" ? "other" : op] += 1;
  tally.deleted += more2;
  tally.ignored += more2 + (flags.includes("ignored") ? 1 : 0);
}
async function programTally(record) {
  const times = /* @__PURE__ */ new Map();
  for await (const { program } of record.lines("programs.ndjson"))
    if (program !== null && (times.has(program) || times.size < KINDS)) times.set(program, (times.get(program) ?? 0) + 1);
  return [...times].map(([program, count]) => ({ program, times: count })).sort((a, b) => b.times - a.times);
}
async function networkTally(record) {
  const hosts = /* @__PURE__ */ new Map();
  const total = { connections: 0, sent: 0, received: 0, denied: 0 };
  for await (const { kind, verdict, name, address, port, bytesIn, bytesOut } of record.lines("network.ndjson")) {
    const host = `${name ?? address ?? "unknown"}:${port}`;
    if (!hosts.has(host) && hosts.size < HOSTS) hosts.set(host, { host, connections: 0, sent: 0, received: 0, denied: 0 });
    for (const tally of [total, hosts.get(host)]) {
      if (tally === void 0) continue;
      if (verdict === "denied") tally.denied += 1;
      else if (kind === "connection") {
        tally.connections += 1;
        tally.sent += bytesIn;
        tally.received += bytesOut;
      }
    }
  }
  const all = [...hosts.values()];
  const bytes2 = ({ sent, received }) => sent + received;
  return {
    reached: all.filter(({ connections }) => connections > 0).sort((a, b) => bytes2(b) - bytes2(a)),
    denied: all.filter(({ denied }) => denied > 0).sort((a, b) => b.denied - a.denied),
    total
  };
}

// src/report/summary.ts
var LARGEST = 64 << 10;
var STEPS = 50;
var FINDINGS = 40;
var HOSTS2 = 20;
var PROGRAMS = 15;
var NOTICES = 20;
async function summary(conclusion) {
  const { run, outcome, because, findings } = conclusion;
  const sections = [
    {
      title: `## agent-jail: ${outcome}${[run.policy.agent, run.policy.setup].some(({ network: network2 }) => network2.mode === "observe") ? ", weak" : ""}`,
      lines: [inlineCode(because, 400), ""],
      elastic: false
    },
    { title: "### Steps", lines: steps(run.steps), elastic: true },
    { title: "### Guards", lines: findings.slice(0, FINDINGS).flatMap(findingLines), elastic: true },
    { title: "### Changes", lines: await readable(async () => changes(await changeTally(conclusion.record))), elastic: true },
    { title: "### Network", lines: await readable(() => network(conclusion)), elastic: true },
    { title: "### Programs", lines: await readable(() => programs(conclusion)), elastic: true },
    { title: "### Notices", lines: run.notices.slice(0, NOTICES).map((notice) => `- ${inlineCode(notice, 300)}`), elastic: true },
    { title: "### Limits", lines: limits(run), elastic: false },
    { title: "### Record", lines: about(conclusion), elastic: false }
  ];
  return fit(sections, LARGEST, "the record has all");
}
function steps(all) {
  const rows = all.slice(0, STEPS).map(({ name, setup, started, exit }, index) => [
    String(index + 1),
    `${inlineCode(name, 80)}${setup ? " (setup)" : ""}`,
    started === null ? "not started" : exit === null ? "did not end" : exit.signal === null ? `exit code ${exit.code}` : inlineCode(exit.signal),
    exit === null || exit.hit.length === 0 ? "" : exit.hit.join(", "),
    exit === null ? "" : time(exit.ms),
    exit === null ? "" : bytes(exit.bytes)
  ]);
  return [...table(["", "step", "end", "limits reached", "time", "output"], rows), ...more(all.length - STEPS, "step")];
}
function findingLines({ rule, place, action, message, what, more: left }) {
  const where = place === null || place.file === "" ? "" : ` (${inlineCode(`${place.file}:${place.line}`)})`;
  return [
    `- **${action}** ${inlineCode(rule)}${where}: ${inlineCode(message, 300)}`,
    ...what.map((item) => `  - ${inlineShown(item)}`),
    ...left > 0 ? [`  - and ${left} more`] : []
  ];
}
function changes({ layers, first, tracked }) {
  const rows = layers.map(({ layer, added, modified, deleted, renamed, other, ignored }) => [
    layer,
    ...[added, modified, deleted, renamed, other, ignored].map(String)
  ]);
  const paths = first.map((change) => [
    change.op,
    change.op === "renamed" ? `${inlineShown(displayPath(change.from))} to ${inlineShown(displayPath(change.path))}` : inlineShown(displayPath(change.path)),
    change.flags.join(", ")
  ]);
  if (rows.length === 0) return ["Nothing was changed, as far as the record goes.", ""];
  return [
    ...table(["", "added", "modified", "deleted", "renamed", "other", "of these ignored"], rows),
    ...table(["change", "path in the workspace", "flags"], paths),
    ...more(tracked - first.length, "path")
  ];
}
async function network({ record }) {
  const { reached, denied, total } = await networkTally(record);
  const to = reached.slice(0, HOSTS2).map((of) => [inlineCode(of.host), String(of.connections), bytes(of.sent), bytes(of.received)]);
  const refused = denied.slice(0, HOSTS2).map((of) => [inlineCode(of.host), String(of.denied)]);
  const sum = ["**all**", String(total.connections), bytes(total.sent), bytes(total.received)];
  return [
    ...table(["reached", "connections", "sent", "received"], to.length > 1 ? [...to, sum] : to),
    ...more(reached.length - HOSTS2, "host"),
    ...table(["denied", "times"], refused),
    ...more(denied.length - HOSTS2, "host"),
    ...total.denied > 0 ? [`${total.denied} denied in all.`, ""] : []
  ];
}
async function programs({ record, run: { programs: fact } }) {
  if (fact === void 0) return [];
  if (fact.source === "none") return [`Not known: ${inlineCode(fact.why, 300)}`, ""];
  const most = await programTally(record);
  const rows = most.slice(0, PROGRAMS).map(({ program, times }) => [inlineCode(program), String(times)]);
  const noun = (count, of) => `${count} ${of}${count === 1 ? "" : of.endsWith("s") ? "es" : "s"}`;
  return [
    `${noun(fact.programs, "program")} in ${noun(fact.processes, "process")}${fact.source === "guest" ? ", as the kernel of the virtual machine told it" : ""}.`,
    "",
    ...table(["program", "times"], rows),
    ...more(most.length - PROGRAMS, "program"),
    ...fact.lost > 0 ? [`${noun(fact.lost, "event")} lost: a program may be missing.`, ""] : []
  ];
}
function limits(run) {
  const show = (name, value) => {
    if (value === null) return "";
    if (name === "time" || name === "idle") return time(value);
    return ["memory", "disk", "output", "upload", "download"].includes(name) ? bytes(value) : String(value);
  };
  const rows = run.limits.map(({ name, limit, peak, hit }) => [name, show(name, limit), show(name, peak), hit ? "yes" : ""]);
  return table(["limit", "set to", "peak", "reached"], rows);
}
function about({ run, manifest, record }) {
  const { source } = run;
  const origin = "file" in source ? `${source.kind}, ${inlineCode(source.file)}` : source.kind;
  const rows = [
    ["run", inlineCode(run.id)],
    ["directory", inlineCode(record.dir, 400)],
    ["manifest, SHA-256", manifest === null ? "not sealed" : inlineCode(manifest)],
    ["policy, SHA-256", inlineCode(run.policy.digest)],
    ["policy from", origin],
    ["backend", `${run.backend.name} ${inlineCode(run.backend.version)}, ${inlineCode(run.backend.why)}`],
    ["exact", run.exact ? "yes" : "no: something that holds a secret was withheld"]
  ];
  return table(["", ""], rows);
}
async function readable(make) {
  try {
    return await make();
  } catch (error) {
    if (!(error instanceof RecordError)) throw error;
    return [inlineCode(error.message, 300), ""];
  }
}

export {
  addTo,
  LARGEST,
  summary
};
