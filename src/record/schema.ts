import * as v from 'valibot';
import { FLAGS } from '../model/changes.ts';
import type { Finding } from '../model/changes.ts';
import { PHASES } from '../model/names.ts';
import { EXIT } from '../model/outcome.ts';
import type { Outcome } from '../model/outcome.ts';
import { RECORD } from '../model/record.ts';
import type { ManifestDocument, RecordFile, RunDocument, VerdictDocument } from '../model/record.ts';
import type { ProgramLine } from '../model/programs.ts';
import { AGENTS } from '../model/trajectory.ts';
import { amount, backendName, base64, count, digest, guardAction, id, limitName, place, sha256, strings } from './schema-common.ts';
import type { Plain, Same } from './schema-common.ts';
import { policySchema } from './schema-policy.ts';
import { totalsSchema, trajectorySchema } from './schema-trajectory.ts';

// Documents that decide something (manifest, verdict, policy, end) are strict. In the others, fields of a later minor version are dropped.

const policySource = v.variant('kind', [
  v.strictObject({ kind: v.literal('default') }),
  v.strictObject({ kind: v.literal('inline') }),
  v.strictObject({ kind: v.literal('file'), file: v.string() }),
  v.strictObject({ kind: v.literal('base'), file: v.string(), ref: v.string(), commit: v.string() }),
  v.strictObject({ kind: v.literal('workspace'), file: v.string() }),
]);
const runEnd = v.variant('how', [
  v.strictObject({ how: v.literal('steps-done'), failed: v.nullable(count) }),
  v.strictObject({ how: v.literal('limit'), limit: limitName, step: count }),
  v.strictObject({ how: v.literal('cancelled'), by: v.string() }),
  v.strictObject({
    how: v.literal('error'),
    started: v.boolean(),
    message: v.string(),
    remedy: v.string(),
    place: v.nullable(place),
  }),
]);
const exit = v.object({
  code: v.nullable(v.pipe(v.number(), v.integer())),
  signal: v.nullable(v.string()),
  hit: v.array(limitName),
  ms: amount,
  bytes: count,
});
/** What a policy takes, too: a screen of a stranger's record has to be drawn. */
const lines = v.pipe(count, v.minValue(1), v.maxValue(1000));
const terminal = v.object({ rows: lines, columns: lines });
const agentWish = v.nullable(v.picklist([...AGENTS, 'none']));
const phases = v.object(Object.fromEntries(PHASES.map((phase) => [phase, v.exactOptional(amount)])) as Phases);
type Phases = { [P in (typeof PHASES)[number]]: v.ExactOptionalSchema<typeof amount, undefined> };

export const runSchema = v.object({
  schema: v.literal('agent-jail/run@1'),
  id,
  started: v.pipe(v.string(), v.isoTimestamp()),
  tool: v.object({ name: v.literal('agent-jail'), version: v.string(), node: v.string() }),
  policy: policySchema,
  source: policySource,
  base: v.nullable(v.object({ commit: v.string(), dirty: v.boolean() })),
  origin: v.exactOptional(
    v.nullable(v.strictObject({ server: v.string(), repository: v.string(), run: v.string(), head: v.nullable(v.string()) })),
  ),
  backend: v.object({ name: backendName, version: v.string(), why: v.string() }),
  host: v.object({ kernel: v.string(), arch: v.string(), cpus: amount, memory: count, cgroups: v.string() }),
  root: v.object({ kind: v.picklist(['host', 'image', 'directory', 'archive']), sha256: v.nullable(sha256) }),
  workspace: v.string(),
  path: v.exactOptional(v.nullable(v.string())),
  proof: v.nullable(v.array(v.object({ property: v.string(), seen: v.string() }))),
  steps: v.array(
    v.object({
      name: v.string(),
      setup: v.boolean(),
      argv: strings,
      tty: v.exactOptional(v.nullable(terminal)),
      agent: v.exactOptional(agentWish),
      started: v.nullable(amount),
      exit: v.nullable(exit),
    }),
  ),
  end: runEnd,
  limits: v.array(v.object({ name: limitName, limit: v.nullable(amount), peak: v.nullable(amount), hit: v.boolean() })),
  programs: v.exactOptional(
    v.variant('source', [
      v.object({ source: v.picklist(['tracefs', 'guest']), processes: count, programs: count, omitted: count, lost: count }),
      v.object({ source: v.literal('none'), why: v.string() }),
    ]),
  ),
  tokens: v.nullable(v.object({ requests: count, input: count, output: count })),
  counts: v.object({ changed: count, ignored: count, denied: count, redacted: count, findings: count }),
  redacted: v.record(v.string(), count),
  exact: v.boolean(),
  notices: strings,
  phases,
});
true satisfies Same<Plain<RunDocument>, v.InferOutput<typeof runSchema>>;

/** Digests of files of the record; no other name can stand there. */
const digests = (sealed: boolean) => {
  const files = (Object.keys(RECORD) as RecordFile[]).filter((file) => RECORD[file].sealed === sealed && !LAST.has(file));
  return v.strictObject(Object.fromEntries(files.map((file) => [file, v.exactOptional(digest)]))) as unknown as v.GenericSchema<
    Record<string, v.InferOutput<typeof digest>>
  >;
};
const LAST: ReadonlySet<RecordFile> = new Set(['manifest.json', 'verdict.json']);

export const manifestSchema = v.strictObject({ schema: v.literal('agent-jail/manifest@1'), id, files: digests(true) });
true satisfies Same<Plain<ManifestDocument>, v.InferOutput<typeof manifestSchema>>;

const finding = v.strictObject({
  rule: v.string(),
  place: v.nullable(place),
  action: guardAction,
  message: v.string(),
  what: strings,
  more: count,
  at: v.exactOptional(v.array(v.strictObject({ path: v.string(), line: v.nullable(count) }))),
});
true satisfies Same<Plain<Finding>, v.InferOutput<typeof finding>>;

export const verdictSchema = v.strictObject({
  schema: v.literal('agent-jail/verdict@1'),
  id,
  outcome: v.picklist(Object.keys(EXIT) as Outcome[]),
  because: v.string(),
  findings: v.array(finding),
  manifest: v.nullable(sha256),
  files: digests(false),
  totals: v.exactOptional(totalsSchema),
});
true satisfies Same<Plain<VerdictDocument>, v.InferOutput<typeof verdictSchema>>;

// Lines of the NDJSON files.

const entry = v.object({
  type: v.picklist(['file', 'directory', 'symlink', 'fifo', 'socket', 'device']),
  mode: v.pipe(count, v.maxValue(0o7777)),
  uid: count,
  gid: count,
  size: count,
  sha256: v.nullable(sha256),
  link: v.nullable(v.string()),
  link_b64: v.exactOptional(base64),
  mtime: v.exactOptional(v.pipe(v.number(), v.integer())),
  names: v.exactOptional(count),
  stored: v.exactOptional(count),
  xattrs: v.exactOptional(v.record(v.string(), v.string())),
});
const changed = {
  path: v.string(),
  path_b64: v.exactOptional(base64),
  layer: v.picklist(['workspace', 'home', 'root']),
  flags: v.array(v.picklist(FLAGS)),
  why: v.exactOptional(v.pipe(v.string(), v.regex(/^[A-Za-z][A-Za-z ,.'-]{0,99}$/))),
  more: v.exactOptional(count),
  token: v.exactOptional(v.pipe(v.string(), v.regex(/^[a-z-]{1,40}$/))),
};
export const changeSchema = v.variant('op', [
  v.object({ ...changed, op: v.literal('added'), after: entry }),
  v.object({ ...changed, op: v.literal('deleted'), before: entry }),
  v.object({ ...changed, op: v.picklist(['modified', 'retyped', 'metadata', 'touched']), before: entry, after: entry }),
  v.object({ ...changed, op: v.literal('renamed'), from: v.string(), from_b64: v.exactOptional(base64), before: entry, after: entry }),
]);

const text = v.nullable(v.string());
export const networkSchema = v.object({
  t: amount,
  step: v.pipe(v.number(), v.integer(), v.minValue(-1)),
  kind: v.picklist(['dns', 'connection', 'request']),
  transport: v.picklist(['tcp', 'udp']),
  name: text,
  type: text,
  address: text,
  port: v.pipe(count, v.maxValue(65_535)),
  protocol: v.picklist(['dns', 'tls', 'http', 'unknown']),
  method: text,
  path: text,
  verdict: v.picklist(['allowed', 'denied']),
  reason: v.string(),
  upstream: text,
  status: v.nullable(v.pipe(count, v.maxValue(999))),
  error: text,
  secret: text,
  bytesIn: count,
  bytesOut: count,
  ms: amount,
});

export const programsSchema = v.object({
  t: amount,
  step: count,
  process: count,
  parent: v.nullable(count),
  program: text,
  argv: v.nullable(strings),
  cut: v.exactOptional(v.boolean()),
  ms: amount,
  how: v.picklist(['exit', 'signal', 'exec', 'unseen']),
  code: v.nullable(count),
  signal: text,
});
true satisfies Same<Plain<ProgramLine>, v.InferOutput<typeof programsSchema>>;

const at = { t: amount, step: v.nullable(count) };
export const transcriptSchema = v.variant('kind', [
  v.object({ ...at, kind: v.literal('begin'), name: v.string(), offset: count }),
  v.object({ ...at, kind: v.literal('output'), stream: v.string(), offset: count, length: count }),
  v.object({ ...at, kind: v.literal('checkpoint'), sha256, bytes: count }),
  v.object({
    ...at,
    kind: v.literal('end'),
    code: v.nullable(v.pipe(v.number(), v.integer())),
    signal: v.nullable(v.string()),
    bytes: count,
  }),
  v.object({ ...at, kind: v.literal('mark'), name: v.string(), data: v.unknown() }),
]);
export const agentSchema = v.variant('kind', [
  v.object({
    kind: v.literal('file'),
    agent: v.picklist(AGENTS),
    path: v.string(),
    path_b64: v.exactOptional(base64),
    size: count,
    cut: v.boolean(),
  }),
  /** `cut`: bytes that are missing at its end. */
  v.object({ kind: v.literal('line'), text: v.string(), cut: v.exactOptional(count) }),
]);
export const usageSchema = v.looseObject({ t: amount });

/** By schema name: what is one document, and what is one line of a file. */
export const SCHEMAS = {
  run: runSchema,
  manifest: manifestSchema,
  verdict: verdictSchema,
  changes: changeSchema,
  network: networkSchema,
  programs: programsSchema,
  transcript: transcriptSchema,
  usage: usageSchema,
  agent: agentSchema,
  trajectory: trajectorySchema,
} as const;
export type SchemaName = keyof typeof SCHEMAS;
