import { isDeepStrictEqual } from 'node:util';
import { bounded, TIME } from '../guard/bounded.ts';
import { Globs, touched } from '../guard/globs.ts';
import { windows } from '../guard/output.ts';
import type { Totals } from '../model/trajectory.ts';
import { covers } from '../model/hosts.ts';
import type { HostPath } from '../model/names.ts';
import { parseHosts } from '../policy/hosts.ts';
import { presetRules } from '../policy/presets.ts';
import { displayText } from '../record/display.ts';
import { lineParts, patchesOf } from '../record/patches.ts';
import type { RecordReader } from '../record/read.ts';
import type { Check } from './checks-schema.ts';
import { type Found, findPaths, readChanged, readUnchanged } from './contents.ts';

/** What a check can look at, once the agent is dead. */
export interface Evidence {
  readonly record: RecordReader;
  /** The workspace as it was at first; null: there is none. */
  readonly base: HostPath | null;
  readonly totals: Totals | undefined;
  /** Whether a step, by its number, is one of the agent's. */
  readonly agents: (step: number) => boolean;
}

/** Checks that do not hold, each in one line. `command` is not looked at: the verifier's jail runs it. */
export async function failedChecks(checks: readonly Check[], evidence: Evidence): Promise<string[]> {
  const files = await Files.of(checks, evidence);
  const failed: string[] = [];
  for (const check of checks) {
    const why = await whyNot(check, evidence, files);
    if (why !== null) failed.push(`${check.name}: ${why}`);
  }
  return failed;
}

async function whyNot(check: Check, { record, totals, agents }: Evidence, files: Files): Promise<string | null> {
  switch (check.name) {
    case 'file-exists':
      return files.kind(check.value) === 'absent' ? `there is no ${displayText(check.value)}` : null;
    case 'file-absent':
      return files.kind(check.value) === 'absent' ? null : `there is ${displayText(check.value)}`;
    case 'file-contains':
    case 'file-matches':
    case 'file-json':
      return ofFile(check, files);
    case 'diff-contains':
      return addedLines(record, check.value) ? null : `no added line holds ${JSON.stringify(check.value)}`;
    case 'diff-omits':
      return addedLines(record, check.value) ? `an added line holds ${JSON.stringify(check.value)}` : null;
    case 'diff-touches':
    case 'diff-avoids':
    case 'diff-empty':
      return ofChanges(check, record);
    case 'output-contains':
      return some(record, (text) => text.includes(check.value)) === true ? null : `the output does not hold ${JSON.stringify(check.value)}`;
    case 'output-matches':
      return matchesOutput(record, expression(check.value));
    case 'hosts-only':
    case 'hosts-denied':
      return ofNetwork(check, record, agents);
    case 'trajectory':
      return ofTrajectory(check.value, record, totals);
    case 'command':
      return null;
  }
}

type OfFile = Extract<Check, { readonly name: 'file-contains' | 'file-matches' | 'file-json' }>;
function ofFile({ name, value }: OfFile, files: Files): string | null {
  const path = displayText(value.path);
  const bytes = files.content(value.path);
  if (typeof bytes === 'string') return `${path} ${bytes}`;
  const text = bytes.toString('utf8');
  if (name === 'file-contains') return text.includes(value.text) ? null : `${path} does not hold ${JSON.stringify(value.text)}`;
  if (name === 'file-matches') {
    const found = bounded(() => expression(value.pattern).test(text), TIME);
    return found.ok ? (found.value ? null : `${path} does not match`) : `${path}: the expression takes too long`;
  }
  let there: unknown;
  try {
    there = at(JSON.parse(text), value.at);
  } catch {
    return `${path} is no JSON`;
  }
  if (there === undefined) return `${path} has nothing at ${value.at}`;
  return isDeepStrictEqual(there, value.equals)
    ? null
    : `${path} has ${displayText(JSON.stringify(there), 80)} at ${value.at || 'its top'}`;
}

/** RFC 6901. */
function at(value: unknown, pointer: string): unknown {
  const parts = pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
  return parts.reduce<unknown>(
    (node, part) =>
      typeof node === 'object' && node !== null && Object.hasOwn(node, part) ? (node as Record<string, unknown>)[part] : undefined,
    value,
  );
}

type OfChanges = Extract<Check, { readonly name: 'diff-touches' | 'diff-avoids' | 'diff-empty' }>;
async function ofChanges(check: OfChanges, record: RecordReader): Promise<string | null> {
  const globs = check.name === 'diff-empty' ? [] : check.value.map((glob) => ({ glob, matcher: new Globs([glob]), met: false }));
  let changed = 0;
  for await (const change of record.lines('changes.ndjson')) {
    if (change.layer !== 'workspace' || change.flags.includes('ignored') || change.op === 'touched') continue;
    const paths = touched(change);
    if (paths.length > 0) changed += 1;
    for (const path of paths)
      for (const one of globs) {
        if (check.name === 'diff-touches') one.met ||= one.matcher.surely(path);
        else if (one.matcher.perhaps(path)) return `${displayText(path.text)} was changed`;
      }
  }
  if (check.name === 'diff-empty') {
    if (check.value) return changed === 0 ? null : `${changed} paths were changed`;
    return changed > 0 ? null : 'nothing was changed';
  }
  const missing = check.name === 'diff-touches' ? globs.find(({ met }) => !met) : undefined;
  return missing === undefined ? null : `nothing that matches ${displayText(missing.glob)} was changed`;
}

function addedLines(record: RecordReader, text: string): boolean {
  for (const { file } of patchesOf(record)) {
    let line = '';
    for (const part of lineParts(record.pieces(file))) {
      line = part.starts ? part.line.toString('utf8') : line + part.line.toString('utf8');
      if (line.startsWith('+') && !line.startsWith('+++ ') && line.slice(1).includes(text)) return true;
    }
  }
  return false;
}

/** Whether some part of what was printed is as asked; null: that took too long. */
function some(record: RecordReader, test: (text: string) => boolean): boolean | null {
  let left = TIME;
  for (const text of windows(record.pieces('transcript.log'))) {
    const result = bounded(() => test(text), left);
    if (!result.ok) return null;
    if (result.value) return true;
    left -= result.ms;
  }
  return false;
}

function matchesOutput(record: RecordReader, pattern: RegExp): string | null {
  const found = some(record, (text) => pattern.test(text));
  return found === null ? 'the expression takes too long' : found ? null : 'the output does not match';
}

type OfNetwork = Extract<Check, { readonly name: 'hosts-only' | 'hosts-denied' }>;
async function ofNetwork(check: OfNetwork, record: RecordReader, agents: Evidence['agents']): Promise<string | null> {
  let denied = 0;
  const patterns =
    check.name === 'hosts-denied'
      ? []
      : check.value.flatMap((host) => presetRules(host)?.map(({ pattern }) => pattern) ?? parseHosts(host));
  for await (const { step, verdict, name, address } of record.lines('network.ndjson')) {
    if (!agents(step)) continue;
    if (verdict === 'denied') denied += 1;
    const host = name ?? address ?? 'unknown';
    if (check.name === 'hosts-only' && !patterns.some((pattern) => covers(pattern, host))) return `${displayText(host)} was asked for`;
  }
  return check.name === 'hosts-denied' && denied > check.value ? `${denied} refusals` : null;
}

type Wanted = Extract<Check, { readonly name: 'trajectory' }>['value'];
function ofTrajectory(wanted: Wanted, record: RecordReader, totals: Totals | undefined): string | null {
  const calls =
    (record.size('trajectory.json') ?? 0) === 0
      ? null
      : record.document('trajectory.json').value.steps.flatMap((step) => step.tool_calls ?? []);
  if (calls === null && wanted.tools.length + wanted['tools-forbidden'].length > 0) return 'the agent left no log that is read';
  const called = new Set((calls ?? []).map((call) => call.function_name));
  const missing = wanted.tools.find((tool) => !called.has(tool));
  if (missing !== undefined) return `${displayText(missing)} was not called`;
  const forbidden = wanted['tools-forbidden'].find((tool) => called.has(tool));
  if (forbidden !== undefined) return `${displayText(forbidden)} was called`;
  const [input, output] = [totals?.inputTokens?.value, totals?.outputTokens?.value];
  const numbers = [
    ['max-tool-calls', totals?.toolCalls?.value ?? calls?.length],
    ['max-turns', totals?.turns?.value],
    ['max-tokens', input === undefined && output === undefined ? undefined : (input ?? 0) + (output ?? 0)],
    ['max-cost-usd', totals?.costUsd?.value],
  ] as const;
  for (const [name, value] of numbers) {
    const most = wanted[name];
    if (most === undefined) continue;
    if (value === undefined) return `${name}: nobody counted`;
    if (value > most) return `${name}: ${value} is more than ${most}`;
  }
  return null;
}

/** As `rule.expression` has tried it. */
function expression(pattern: string): RegExp {
  try {
    return new RegExp(pattern, 'mu');
  } catch {
    return new RegExp(pattern, 'm');
  }
}

/** The files that some check reads. */
class Files {
  readonly #found: ReadonlyMap<string, Found>;
  readonly #contents: ReadonlyMap<string, Buffer>;
  readonly #base: HostPath | null;

  private constructor(found: ReadonlyMap<string, Found>, contents: ReadonlyMap<string, Buffer>, base: HostPath | null) {
    this.#found = found;
    this.#contents = contents;
    this.#base = base;
  }

  static async of(checks: readonly Check[], { record, base }: Evidence): Promise<Files> {
    const wanted = checks.flatMap((check) =>
      check.name === 'file-exists' || check.name === 'file-absent'
        ? [check.value]
        : check.name === 'file-contains' || check.name === 'file-matches' || check.name === 'file-json'
          ? [check.value.path]
          : [],
    );
    if (wanted.length === 0) return new Files(new Map(), new Map(), base);
    const found = await findPaths(record, base, [...new Set(wanted)]);
    const changed = [...found.values()].flatMap((one) => (one.kind === 'file' && one.sha256 !== null ? [one.sha256] : []));
    return new Files(found, await readChanged(record, new Set(changed)), base);
  }
  kind(path: string): Found['kind'] {
    return this.#found.get(path)?.kind ?? 'absent';
  }
  /** A text says why there is none. */
  content(path: string): Buffer | string {
    const found = this.#found.get(path) ?? { kind: 'absent' };
    if (found.kind === 'absent') return 'is not there';
    if (found.kind === 'other') return 'is not a file';
    if (found.sha256 !== null) return this.#contents.get(found.sha256) ?? 'is too large, or holds a secret';
    return (this.#base === null ? null : readUnchanged(this.#base, path)) ?? 'is too large';
  }
}
