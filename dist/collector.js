const { closeSync } = process.getBuiltinModule("node:fs");
import {
  decideRun,
  evaluate,
  trajectoryOf
} from "./shared-guard-changes.js";
import {
  derive,
  makeCast
} from "./shared-report-gather.js";
import "./shared-report-summary.js";
import "./shared-record-patches.js";
import "./shared-guard-bag.js";
import {
  openRecordDir
} from "./shared-record-read.js";
import "./shared-record-schema.js";
import {
  RecordError
} from "./shared-record-error.js";
import "./shared-report-sarif.js";
import "./shared-model-changes.js";
import "./shared-valibot.js";
import {
  json,
  sha256
} from "./shared-record-write.js";
import "./shared-model-record.js";
import {
  writeAll
} from "./shared-system-ndjson.js";
import {
  linesOf
} from "./shared-system-lines.js";
import "./shared-guard-globs.js";
import "./shared-ignore.js";
import "./shared-model-outcome.js";
import "./shared-record-display.js";
import "./shared-model-trajectory.js";
import "./shared-model-errors.js";
import "./shared-runtime.js";

// src/run/collector.ts

// src/run/verdict.ts
async function makeVerdict(request, derive2) {
  try {
    return await conclude(request, derive2);
  } catch (error) {
    return { ok: false, message: error instanceof Error ? error.message : String(error) };
  }
}
async function conclude({ id, record: dir, outputs, secrets, mask }, derive2) {
  const record = openRecordDir(dir);
  const { value: run } = record.document("run.json");
  const manifest = record.document("manifest.json");
  if (run.id !== id || manifest.value.id !== id) throw new RecordError("manifest.json", null, `is not of run ${id}`);
  const { trajectory, totals } = await shown(await trajectoryOf(record, run), { secrets, mask });
  const findings = await evaluate(run.policy.guards, record, [], trajectory);
  const { outcome, because } = decideRun(run, findings);
  const files = {};
  const derived = await derive2({ run, findings, outcome, because, manifest: manifest.sha256, trajectory, record });
  for (const [file, text] of Object.entries(derived)) {
    const bytes2 = typeof text === "string" ? Buffer.from(text) : text;
    writeAll(outputs[file], bytes2);
    files[file] = { sha256: sha256(bytes2), size: bytes2.length };
  }
  const verdict = {
    schema: "agent-jail/verdict@1",
    id,
    outcome,
    because,
    findings,
    manifest: manifest.sha256,
    files,
    totals
  };
  const bytes = json(verdict);
  writeAll(outputs["verdict.json"], bytes);
  return { ok: true, kind: "verdict", outcome, because, findings: findings.length, verdict: sha256(bytes) };
}
async function shown(read, request) {
  if (read.trajectory === null) return read;
  const { redactorOf } = await import("./redact.js");
  const redactor = redactorOf(request);
  const { model } = read.totals;
  return {
    trajectory: redactor.redactJson(read.trajectory),
    totals: { ...read.totals, model: model === null ? null : { ...model, value: redactor.redactText(model.value) } }
  };
}

// src/run/collector.ts
var LONGEST = 16 << 20;
var FIRST_FILE = 3;
async function collector(files, derive2) {
  for (const line of linesOf(0, LONGEST)) {
    const request = JSON.parse(line);
    if (request.kind !== "nothing") closeOthers(files, Object.values(request.outputs));
    const answer = await answerTo(request, derive2).catch(
      (error) => ({ ok: false, message: error instanceof Error ? error.message : String(error) })
    );
    writeAll(1, Buffer.from(`${JSON.stringify(answer)}
`));
    if (request.kind !== "nothing") return;
  }
}
async function answerTo(request, derive2) {
  if (request.kind === "verdict") return makeVerdict(request, derive2);
  if (request.kind === "nothing") {
    const { writeNothing } = await import("./nothing.js");
    writeNothing(request);
    return { ok: true, kind: "changes", changed: 0, ignored: 0, withheld: 0, sessionsLeft: 0 };
  }
  const [{ collectChanges }, { secretForms }] = await Promise.all([import("./collect.js"), import("./forms.js")]);
  const forms = request.secrets.map(({ name, value }) => ({ name, bytes: secretForms(value) }));
  const masks = request.mask.map((value) => ({ name: "mask", bytes: secretForms(value) }));
  return { ok: true, kind: "changes", ...await collectChanges(request, forms, masks) };
}
function closeOthers(files, named) {
  for (let fd = FIRST_FILE; fd < FIRST_FILE + files; fd += 1) if (!named.includes(fd)) closeSync(fd);
}

// src/collector.ts
await collector(Number(process.argv[2]), (conclusion) => derive(conclusion, { makeCast }));
process.exit();
