import {
  Bag,
  counted,
  unchecked
} from "./shared-guard-bag.js";
import {
  displayText
} from "./shared-record-display.js";
import "./shared-runtime.js";

// src/guard/network.ts
var HOSTS = 1e4;
async function networkFindings(rule, record) {
  const lines = record.lines("network.ndjson");
  if (!lines.complete) return [unchecked(rule, "network.ndjson is not whole")];
  const seen = /* @__PURE__ */ new Set();
  const bag = new Bag();
  let listed = 0;
  for await (const line of lines) {
    if (line.verdict !== "denied") continue;
    listed += 1;
    const host = `${line.name ?? line.address ?? "unknown"}:${line.port}`;
    if (seen.has(host) || seen.size >= HOSTS) continue;
    seen.add(host);
    bag.add(displayText(host));
  }
  const total = lines.footer?.["denied"];
  const denied = typeof total === "number" ? Math.max(total, listed) : listed;
  return denied === 0 ? [] : [bag.finding(rule, counted(denied, "denied request"))];
}
export {
  networkFindings
};
