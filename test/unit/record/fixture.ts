import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach } from 'vitest';
import type { Change, Entry, Flag, LayerName } from '../../../src/model/changes.ts';
import type { NetworkLine } from '../../../src/model/gateway.ts';
import type { HostPath, JailPath, PathBytes, Sha256 } from '../../../src/model/names.ts';
import type { GuardRule, Policy } from '../../../src/model/policy.ts';
import type { ProgramLine } from '../../../src/model/programs.ts';
import { type DerivedFile, isSpare, OTHER_PATCHES, type OtherPatch, type RunDocument, type StepRecord } from '../../../src/model/record.ts';
import type { AgentName } from '../../../src/model/trajectory.ts';
import type { Owner, RecordFiles } from '../../../src/record/write.ts';
import { createRecord, RECORD_FILES, seal, writeRun } from '../../../src/record/write.ts';
import { writeManifest } from '../../../src/changes/manifest.ts';
import { derive } from '../../../src/report/derive.ts';
import type { Derive } from '../../../src/run/verdict.ts';
import { NdjsonWriter } from '../../../src/system/ndjson.ts';
import { makeCast } from '../../../src/transcript/cast.ts';

export const ID = '01JZ0000000000000000000000';
export const OTHER_ID = '01JZ0000000000000000000001';
export const ME: Owner = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
export const PLACE = { file: 'policy.yml', line: 3, column: 5 };

const made: string[] = [];
const open: RecordFiles[] = [];
afterEach(() => {
  for (const files of open.splice(0)) files.close();
  for (const dir of made.splice(0)) rmSync(dir, { recursive: true, force: true });
});
/** An empty directory, removed after the test. */
export function newDirectory(): HostPath {
  const dir = mkdtempSync(join(tmpdir(), 'agent-jail-record-'));
  made.push(dir);
  return dir as HostPath;
}

export const bytesOf = (path: string | Uint8Array): PathBytes => Buffer.from(path as string) as Uint8Array as PathBytes;
export const digestOf = (bytes: string | Uint8Array): Sha256 => createHash('sha256').update(bytes).digest('hex') as Sha256;

export function entry(more: Partial<Entry> = {}): Entry {
  return { type: 'file', mode: 0o644, uid: 1000, gid: 1000, size: 10, sha256: digestOf('x'), link: null, ...more };
}
interface Extra {
  readonly layer?: LayerName;
  readonly flags?: readonly Flag[];
}
export function added(path: string | Uint8Array, { layer = 'workspace', flags = [] }: Extra = {}, after: Partial<Entry> = {}): Change {
  return { path: bytesOf(path), layer, flags, op: 'added', after: entry(after) };
}
export function modified(path: string | Uint8Array, { layer = 'workspace', flags = [] }: Extra = {}, after: Partial<Entry> = {}): Change {
  return { path: bytesOf(path), layer, flags, op: 'modified', before: entry(), after: entry(after) };
}
export function deleted(path: string | Uint8Array, { layer = 'workspace', flags = [] }: Extra = {}, before: Partial<Entry> = {}): Change {
  return { path: bytesOf(path), layer, flags, op: 'deleted', before: entry(before) };
}
export function renamed(from: string, to: string): Change {
  return { path: bytesOf(to), from: bytesOf(from), layer: 'workspace', flags: [], op: 'renamed', before: entry(), after: entry() };
}

const rules = {
  env: {},
  passEnv: [],
  secrets: [],
  network: { mode: 'allow', allow: [], services: [] },
  limits: { memory: null, cpus: null, processes: 1024, time: 3_600_000, idle: null, output: 104_857_600 },
} as const;
export function policyWith(guards: readonly GuardRule[]): Policy {
  return {
    version: 1,
    jail: { backend: 'auto', root: { kind: 'host' }, toolchain: 'auto', vm: { emulation: 'refuse' } },
    workspace: { access: 'copy-on-write', hide: [] },
    mounts: [],
    agent: rules,
    setup: rules,
    limits: { disk: null, files: 1_000_000, upload: null, download: null, connections: null, requests: null },
    record: { streams: 'merged', touched: false },
    guards,
    digest: digestOf('policy'),
  };
}

export const STEP: StepRecord = {
  name: 'agent',
  setup: false,
  argv: ['bash', '-e', '{0}'],
  started: 120.5,
  exit: { code: 0, signal: null, hit: [], ms: 950.25, bytes: 11 },
};
export function runWith(more: Partial<RunDocument> = {}): RunDocument {
  return {
    schema: 'agent-jail/run@1',
    id: ID,
    started: '2025-07-01T10:00:00.000Z',
    tool: { name: 'agent-jail', version: '0.1.0', node: 'v24.0.0' },
    policy: policyWith([]),
    source: { kind: 'base', file: 'ci/jail.yml', ref: 'main', commit: 'a'.repeat(40) },
    base: { commit: 'a'.repeat(40), dirty: false },
    backend: { name: 'nspawn', version: '252', why: 'it is here' },
    host: { kernel: '6.1.0', arch: 'x64', cpus: 2, memory: 8_000_000_000, cgroups: 'v2' },
    root: { kind: 'host', sha256: null },
    workspace: '/home/me/project' as JailPath,
    proof: [{ property: 'network', seen: 'lo' }],
    steps: [STEP],
    end: { how: 'steps-done', failed: null },
    limits: [{ name: 'memory', limit: 1_000_000, peak: 999, hit: false }],
    counts: { changed: 1, ignored: 0, denied: 0, redacted: 0, findings: 0 },
    programs: { source: 'tracefs', processes: 0, programs: 0, omitted: 0, lost: 0 },
    tokens: { requests: 0, input: 0, output: 0 },
    redacted: {},
    exact: true,
    notices: [],
    phases: { check: 1, seal: 2000 },
    ...more,
  };
}

export function denial(name: string, more: Partial<NetworkLine> = {}): NetworkLine {
  return {
    t: 1,
    step: 0,
    kind: 'dns',
    transport: 'udp',
    name,
    type: 'A',
    address: null,
    port: 53,
    protocol: 'dns',
    method: null,
    path: null,
    verdict: 'denied',
    reason: 'no rule allows it',
    upstream: null,
    status: null,
    error: null,
    secret: null,
    bytesIn: 0,
    bytesOut: 0,
    ms: 0.1,
    ...more,
  };
}

export function program(name: string | null, more: Partial<ProgramLine> = {}): ProgramLine {
  return { t: 1, step: 0, process: 1, parent: null, program: name, argv: null, ms: 2.5, how: 'exit', code: 0, signal: null, ...more };
}

export interface Content {
  readonly run?: Partial<RunDocument>;
  readonly guards?: readonly GuardRule[];
  readonly output?: string | Uint8Array;
  /** Of several steps. */
  readonly outputs?: readonly string[];
  readonly changes?: readonly Change[];
  readonly network?: readonly NetworkLine[];
  readonly networkTotals?: { readonly denied: number; readonly omitted: number };
  readonly programs?: readonly ProgramLine[];
  readonly patch?: string;
  /** Patches of other checkouts. */
  readonly others?: readonly { readonly path: string; readonly patch: string }[];
  readonly archive?: Uint8Array;
  readonly result?: string;
  /** Logs of agents in HOME. */
  readonly sessions?: readonly { readonly agent: AgentName; readonly path: string; readonly lines: readonly string[] }[];
  readonly sealed?: boolean;
}

/** Files that every record has. */
export const USUAL_FILES = RECORD_FILES.filter((file) => !isSpare(file));

/** A record as warden, gateway and collector leave it before the verdict, made with the writers that they use. */
export function makeRecord(content: Content = {}): {
  dir: HostPath;
  run: RunDocument;
  manifest: Sha256 | null;
  /** Where the verdict and what is derived go. */
  outputs: Record<'verdict.json' | DerivedFile, number>;
} {
  const dir = newDirectory();
  const files = createRecord(dir, ME);
  open.push(files);
  const run = runWith({ policy: policyWith(content.guards ?? []), ...content.run });
  const printed = content.outputs ?? [content.output ?? 'hello world'];
  writeTranscript(
    files.fd('transcript.log'),
    files.fd('transcript.ndjson'),
    printed.map((output) => Buffer.from(output as string)),
  );
  const network = new NdjsonWriter(files.fd('network.ndjson'), 'network');
  for (const line of content.network ?? []) network.line(line);
  const denied = (content.network ?? []).filter(({ verdict }) => verdict === 'denied').length;
  network.end({ denied, allowed: network.lines - denied, omitted: 0, ...content.networkTotals });
  const programs = new NdjsonWriter(files.fd('programs.ndjson'), 'programs');
  for (const line of content.programs ?? []) programs.line(line);
  programs.end({ processes: programs.lines, programs: programs.lines, omitted: 0, lost: 0 });
  const usage = new NdjsonWriter(files.fd('usage.ndjson'), 'usage');
  usage.line({ t: 1000, memory: 5, cpu: 1, pids: 2, disk: 3, files: 4 });
  usage.end();
  const others = (content.others ?? []).map(({ path }, at) => ({
    file: OTHER_PATCHES[at] as OtherPatch,
    path: Buffer.from(path),
    files: 1,
  }));
  const patches = { files: 0, leftOut: [], others };
  const left = { ignored: 0, withheld: 0, patch: patches, archive: { entries: 0, leftOut: [] } };
  writeManifest(files.fd('changes.ndjson'), { id: ID }, content.changes ?? [added('src/a.ts')], left);
  writeSync(files.fd('changes.patch'), content.patch ?? '');
  for (const [at, { patch }] of (content.others ?? []).entries()) writeSync(files.fd(OTHER_PATCHES[at] as OtherPatch), patch);
  writeSync(files.fd('changes.tar.gz'), content.archive ?? new Uint8Array());
  writeSync(files.fd('result.txt'), content.result ?? '');
  const sessions = new NdjsonWriter(files.fd('agent.ndjson'), 'agent', { id: ID });
  for (const { agent, path, lines } of content.sessions ?? []) {
    sessions.line({ kind: 'file', agent, path, size: lines.join('\n').length, cut: false });
    for (const text of lines) sessions.line({ kind: 'line', text });
  }
  sessions.end({ files: content.sessions?.length ?? 0 });
  writeRun(dir, run, ME);
  const manifest = content.sealed === false ? null : seal(dir, run.id, ME);
  const outputs = {
    'verdict.json': files.fd('verdict.json'),
    'trajectory.json': files.fd('trajectory.json'),
    'transcript.cast': files.fd('transcript.cast'),
    'transcript.txt': files.fd('transcript.txt'),
    'report.html': files.fd('report.html'),
    'findings.sarif': files.fd('findings.sarif'),
    'summary.md': files.fd('summary.md'),
  };
  return { dir, run, manifest, outputs };
}

/** Log and index as the recorder leaves them: a checkpoint after every line of output. */
function writeTranscript(log: number, index: number, outputs: readonly Buffer[]): void {
  const all = Buffer.concat(outputs);
  writeSync(log, all);
  const writer = new NdjsonWriter(index, 'transcript');
  let from = 0;
  for (const [step, output] of outputs.entries()) {
    const end = from + output.length;
    writer.line({ t: 1, step, kind: 'begin', name: 'agent', offset: from });
    while (from < end) {
      const at = all.indexOf(10, from);
      const to = at === -1 ? end : Math.min(end, at + 1);
      writer.line({ t: 2, step, kind: 'output', stream: 'merged', offset: from, length: to - from });
      writer.line({ t: 3, step, kind: 'checkpoint', sha256: digestOf(all.subarray(0, to)), bytes: to });
      from = to;
    }
    writer.line({ t: 4, step, kind: 'end', code: 0, signal: null, bytes: output.length });
  }
  writer.end();
}

/** What is derived from a record, with a page that has data and nothing else. */
export const deriveAll: Derive = (conclusion) => derive(conclusion, { makeCast, page: PAGE });
const PAGE = fileURLToPath(new URL('../report/page.html', import.meta.url)) as HostPath;
