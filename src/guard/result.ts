import { Validator } from '@cfworker/json-schema';
import type { Schema, SchemaDraft } from '@cfworker/json-schema';
import type { Finding } from '../model/changes.ts';
import type { GuardRule } from '../model/policy.ts';
import { displayText, utf8 } from '../record/display.ts';
import type { RecordReader } from '../record/read.ts';
import { Bag, finding, unchecked } from './bag.ts';
import { bounded, TIME } from './bounded.ts';

const DRAFTS: readonly [RegExp, SchemaDraft][] = [
  [/draft-04/, '4'],
  [/draft-0[67]/, '7'],
  [/2019-09/, '2019-09'],
];

/** `result.schema`: what the agent wrote to `$AGENT_JAIL_RESULT` is JSON of the policy's schema (JSON Schema, by default 2020-12). */
export function resultFindings(rule: Extract<GuardRule, { on: 'result' }>, record: RecordReader): readonly Finding[] {
  const text = utf8(Buffer.concat([...record.pieces('result.txt')].map((piece) => Buffer.from(piece))));
  if (text === null || text.trim() === '') return [finding(rule, 'the agent wrote no result')];
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return [finding(rule, 'the result is not JSON')];
  }
  return validate(rule, rule.test.schema as Schema, value);
}

function validate(rule: Extract<GuardRule, { on: 'result' }>, schema: Schema, value: unknown): readonly Finding[] {
  try {
    const draft = DRAFTS.find(([pattern]) => pattern.test(schema.$schema ?? ''))?.[1] ?? '2020-12';
    const result = bounded(() => new Validator(schema, draft).validate(value), TIME);
    if (!result.ok) return [unchecked(rule, `the schema took longer than ${TIME / 1000} s`)];
    if (result.value.valid) return [];
    const bag = new Bag();
    for (const { instanceLocation, error } of result.value.errors) bag.add(displayText(`${instanceLocation}: ${error}`));
    return [bag.finding(rule, 'the result does not fit the schema')];
  } catch (error) {
    // A reference that leads nowhere, or a value nested so deep that the validator cannot follow.
    return [{ ...unchecked(rule, 'the schema cannot be applied'), what: [displayText(String(error))] }];
  }
}
