import * as v from 'valibot';
import type { Policy } from '../model/policy.ts';
import { amount, backendName, count, guardAction, place, sha256, stringMap, strings } from './schema-common.ts';
import type { Plain, Same } from './schema-common.ts';

const port = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(65_535));

const root = v.variant('kind', [
  v.strictObject({ kind: v.literal('host') }),
  v.strictObject({ kind: v.literal('image'), ref: v.string() }),
  v.strictObject({ kind: v.literal('directory'), path: v.string() }),
  v.strictObject({ kind: v.literal('archive'), path: v.string(), sha256: v.nullable(sha256) }),
]);
const secretUse = v.variant('use', [
  v.strictObject({ name: v.string(), use: v.literal('env'), place }),
  v.strictObject({ name: v.string(), use: v.literal('inject'), hosts: strings, methods: strings, paths: strings, place }),
]);
const network = v.strictObject({
  mode: v.picklist(['allow', 'observe']),
  allow: v.array(
    v.strictObject({
      pattern: v.string(),
      ports: v.array(port),
      methods: strings,
      paths: strings,
      tls: v.picklist(['visible', 'named', 'any']),
      place,
    }),
  ),
  services: v.array(v.strictObject({ name: v.string(), port, place })),
});
const stepRules = v.strictObject({
  env: stringMap,
  passEnv: strings,
  secrets: v.array(secretUse),
  network,
  limits: v.strictObject({
    memory: v.nullable(count),
    cpus: v.nullable(amount),
    processes: count,
    time: amount,
    idle: v.nullable(amount),
    output: count,
  }),
});

const changeTest = v.variant('kind', [
  v.strictObject({ kind: v.picklist(['allow', 'review', 'deny', 'require']), globs: strings }),
  v.strictObject({ kind: v.literal('forbid'), flags: strings }),
  v.strictObject({ kind: v.picklist(['max-files', 'max-added-lines', 'max-bytes']), max: count }),
  v.strictObject({ kind: v.literal('root'), allowed: v.boolean() }),
]);
// Strict: a field that is not known here could have made a rule mean something else.
const guardRule = v.variant('on', [
  v.strictObject({
    name: v.picklist([
      'guards.changes.allow',
      'guards.changes.review',
      'guards.changes.deny',
      'guards.changes.forbid',
      'guards.changes.require',
      'guards.changes.max-files',
      'guards.changes.max-added-lines',
      'guards.changes.max-bytes',
      'guards.changes.root',
    ]),
    on: v.literal('changes'),
    action: guardAction,
    test: changeTest,
    place,
  }),
  v.strictObject({
    name: v.literal('guards.network.denied'),
    on: v.literal('network'),
    action: guardAction,
    test: v.strictObject({ kind: v.literal('denied') }),
    place,
  }),
  v.strictObject({
    name: v.picklist(['guards.output.require', 'guards.output.forbid']),
    on: v.literal('output'),
    action: guardAction,
    test: v.strictObject({ kind: v.picklist(['require', 'forbid']), pattern: v.string() }),
    place,
  }),
  v.strictObject({
    name: v.literal('result.schema'),
    on: v.literal('result'),
    action: v.literal('fail'),
    test: v.strictObject({ kind: v.literal('schema'), schema: v.record(v.string(), v.unknown()) }),
    place,
  }),
]);

/** The resolved policy as `run.json` holds it. */
export const policySchema = v.strictObject({
  version: v.literal(1),
  jail: v.strictObject({
    backend: v.picklist(['auto', ...backendName.options]),
    root,
    toolchain: v.picklist(['auto', 'none']),
    runtime: v.exactOptional(v.string()),
    vm: v.strictObject({ emulation: v.picklist(['allow', 'refuse']) }),
  }),
  workspace: v.strictObject({ access: v.picklist(['copy-on-write', 'read-only', 'none']), hide: strings }),
  mounts: v.array(v.strictObject({ source: v.string(), target: v.string(), access: v.picklist(['read-only', 'copy-on-write']), place })),
  agent: stepRules,
  setup: stepRules,
  limits: v.strictObject({
    disk: v.nullable(count),
    files: count,
    upload: v.nullable(count),
    download: v.nullable(count),
    connections: v.nullable(count),
    requests: v.nullable(count),
  }),
  record: v.strictObject({ streams: v.picklist(['merged', 'split']), touched: v.boolean() }),
  guards: v.array(guardRule),
  digest: sha256,
});

true satisfies Same<Plain<Policy>, v.InferOutput<typeof policySchema>>;
