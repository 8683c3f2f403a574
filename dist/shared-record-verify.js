const { createHash } = process.getBuiltinModule("node:crypto");
import {
  LINE_FILES,
  RECORD_FILES,
  SEALED_FILES,
  hashFile,
  openRecordDir,
  temporaryName
} from "./shared-record-write.js";
import {
  RecordError
} from "./shared-record-error.js";
import {
  RECORD
} from "./shared-model-record.js";
import {
  displayText
} from "./shared-record-display.js";

// src/record/verify-transcript.ts
var FILE = "transcript.ndjson";
async function verifyTranscript(record) {
  const size = record.size("transcript.log") ?? 0;
  const hash = createHash("sha256");
  const pieces = record.pieces("transcript.log")[Symbol.iterator]();
  let rest = Buffer.alloc(0);
  let hashed = 0;
  const advance = (to) => {
    while (hashed < to) {
      if (rest.length === 0) {
        const next = pieces.next();
        if (next.done === true) return;
        rest = next.value;
      }
      const part = rest.subarray(0, to - hashed);
      hash.update(part);
      hashed += part.length;
      rest = rest.subarray(part.length);
    }
  };
  let line = 1;
  let indexed = 0;
  try {
    for await (const entry of record.lines(FILE)) {
      line += 1;
      if (entry.kind === "output") {
        if (entry.offset !== indexed) throw new RecordError(FILE, line, `begins at ${entry.offset}, not where the line before ended`);
        indexed = entry.offset + entry.length;
        if (indexed > size) throw new RecordError(FILE, line, `speaks of bytes that transcript.log does not have`);
      } else if (entry.kind === "checkpoint") {
        if (entry.bytes < hashed || entry.bytes > size) throw new RecordError(FILE, line, "a checkpoint that is not in transcript.log");
        advance(entry.bytes);
        if (hash.copy().digest("hex") !== entry.sha256) throw new RecordError(FILE, line, "transcript.log has another SHA-256 here");
      }
    }
  } finally {
    pieces.return?.();
  }
}

// src/record/verify.ts
async function verify(dir) {
  const problems = [];
  try {
    const verifier = new Verifier(openRecordDir(dir), problems);
    const { cutOff, manifest } = await verifier.verify();
    return { state: problems.length > 0 ? "broken" : cutOff ? "cut-off" : "intact", problems, manifest };
  } catch (error) {
    return { state: "broken", problems: [...problems, trouble(error)], manifest: null };
  }
}
var Verifier = class {
  #record;
  #problems;
  constructor(record, problems) {
    this.#record = record;
    this.#problems = problems;
  }
  async verify() {
    const names = new Set(this.#record.names);
    const sealed = names.has("manifest.json");
    this.#unknownNames(sealed);
    const run = names.has("run.json") || sealed ? this.#document("run.json") : null;
    const manifest = sealed ? this.#document("manifest.json") : null;
    const verdict = this.#size("verdict.json") > 0 ? this.#document("verdict.json") : null;
    this.#sameId({ "run.json": run?.value, "manifest.json": manifest?.value, "verdict.json": verdict?.value });
    if (manifest !== null) this.#sealedFiles(manifest.value);
    for (const file of LINE_FILES) await this.#lines(file, sealed, run?.value ?? null);
    if (verdict !== null) this.#verdict(verdict.value, manifest?.sha256 ?? null);
    const judged = verdict !== null && verdict.value.manifest !== null;
    return { cutOff: !sealed || !judged, manifest: manifest?.sha256 ?? null };
  }
  #unknownNames(sealed) {
    const known = new Set(RECORD_FILES);
    const left = new Set(sealed ? [] : RECORD_FILES.map(temporaryName));
    for (const name of this.#record.names) {
      if (!known.has(name) && !left.has(name)) this.#problem(displayText(name), "is no file of a record");
    }
  }
  #sealedFiles({ files }) {
    for (const file of SEALED_FILES) {
      const wanted = files[file];
      if (wanted !== void 0) this.#digest(file, wanted);
      else if (this.#record.names.includes(file)) this.#problem(file, "is not in manifest.json");
    }
  }
  #digest(file, wanted) {
    try {
      const size = this.#record.size(file);
      if (size === null) this.#problem(file, "is missing");
      else if (size !== wanted.size) this.#problem(file, `has ${size} bytes, not ${wanted.size}`);
      else if (hashFile(`${this.#record.dir}/${file}`)?.sha256 !== wanted.sha256) this.#problem(file, "has another SHA-256");
    } catch (error) {
      this.#failed(error);
    }
  }
  async #lines(file, sealed, run) {
    try {
      const lines = this.#record.lines(file);
      if (file === "transcript.ndjson") await verifyTranscript(this.#record);
      else for await (const _ of lines) ;
      if (sealed && !lines.complete && !mayBeCutOff(run, this.#size(file))) this.#problem(file, "was cut off");
    } catch (error) {
      this.#failed(error);
    }
  }
  #verdict(verdict, manifest) {
    if (verdict.manifest === null) {
      if (verdict.outcome !== "jail-error") this.#problem("verdict.json", `says ${verdict.outcome} of a record it does not name`);
      return;
    }
    if (verdict.manifest !== manifest) this.#problem("verdict.json", "is of another manifest.json");
    for (const file of RECORD_FILES) {
      const wanted = verdict.files[file];
      if (wanted !== void 0) this.#digest(file, wanted);
      else if (isDerived(file) && this.#size(file) > 0) this.#problem(file, "is not in verdict.json");
    }
  }
  #sameId(documents) {
    const ids = Object.entries(documents).filter(
      (entry) => entry[1] !== void 0 && entry[1].id !== NO_ID
    );
    for (const [file, { id }] of ids.slice(1)) {
      if (id !== ids[0]?.[1].id) this.#problem(file, `is of another run than ${ids[0]?.[0]}`);
    }
  }
  #document(file) {
    try {
      return this.#record.document(file);
    } catch (error) {
      this.#failed(error);
      return null;
    }
  }
  #size(file) {
    try {
      return this.#record.size(file) ?? 0;
    } catch (error) {
      this.#failed(error);
      return 0;
    }
  }
  #failed(error) {
    const { file, message } = trouble(error);
    this.#problem(file, message);
  }
  #problem(file, message) {
    if (!this.#problems.some((known) => known.file === file && known.message === message)) this.#problems.push({ file, message });
  }
};
var NO_ID = "00000000000000000000000000";
function mayBeCutOff(run, size) {
  if (run === null) return false;
  const never = size === 0 && run.steps.every((step) => step.started === null);
  return run.end.how === "error" || never;
}
var isDerived = (file) => !RECORD[file].sealed && file !== "manifest.json" && file !== "verdict.json";
function trouble(error) {
  if (error instanceof RecordError) {
    return { file: error.file, message: error.line === null ? error.reason : `line ${error.line}: ${error.reason}` };
  }
  return { file: ".", message: displayText(error instanceof Error ? error.message : String(error)) };
}

export {
  verify,
  NO_ID
};
