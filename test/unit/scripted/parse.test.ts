import { readFileSync } from 'node:fs';
import { Validator } from '@cfworker/json-schema';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { parseScript } from '../../../src/scripted/parse.ts';
import { lines } from '../policy/support.ts';

const read = (name: string): string => readFileSync(new URL(`../../../${name}`, import.meta.url), 'utf8');

describe('parseScript', () => {
  it('fills in what is left out', () => {
    expect(parseScript('answers: [{ say: hello }]', 's.yml')).toEqual({
      answers: {
        name: 'answers',
        answers: [
          {
            say: 'hello',
            calls: [],
            usage: { input: 1200, output: 40, cached: 0 },
            delay: 0,
            failure: null,
            times: 1,
            when: null,
            chance: 1,
          },
        ],
      },
      models: new Map(),
      default: null,
      aside: 'An aside.',
    });
  });

  it('takes every key', () => {
    const { answers, models, ...rest } = parseScript(
      `version: 1
answers:
  - say: text
    run: make
    write: { path: a, content: b }
    read: c
    call: [{ tool: T, arguments: { x: 1 } }, { tool: U }]
    usage: { input: 10, output: 2, cached: 3 }
    delay: 1s500ms
    when: { contains: a, matches: "b+", tool-result: "c" }
    chance: 0.5
  - { error: { status: 429, message: wait, retry-after: 2 }, times: 3 }
  - { cut: true, say: half }
models: { "m*": [{ call: { tool: V } }] }
default: { error: { status: 500 } }
aside: beside
`,
      's.yml',
    );
    expect(answers?.answers).toMatchObject([
      {
        say: 'text',
        calls: [
          { kind: 'run', command: 'make' },
          { kind: 'write', path: 'a', content: 'b' },
          { kind: 'read', path: 'c' },
          { kind: 'tool', tool: 'T', arguments: { x: 1 } },
          { kind: 'tool', tool: 'U', arguments: {} },
        ],
        usage: { input: 10, output: 2, cached: 3 },
        delay: 1500,
        when: { contains: 'a', matches: /b+/u, toolResult: /c/u },
        chance: 0.5,
      },
      { failure: { kind: 'error', status: 429, message: 'wait', retryAfter: 2 }, times: 3 },
      { failure: { kind: 'cut' }, say: 'half', times: 1 },
    ]);
    expect(models.get('m*')).toMatchObject({ name: 'models."m*"', answers: [{ calls: [{ kind: 'tool', tool: 'V' }] }] });
    expect(rest).toMatchObject({ default: { failure: { kind: 'error', status: 500, retryAfter: null } }, aside: 'beside' });
  });

  const KEYS = 'say, run, write, read, call, usage, delay, error, cut, times, when, chance';
  it.each([
    ['', '1:1: s.yml is empty | Write a script, such as `answers: [{ say: hello }]`, or leave it out.'],
    ['version: 1', '1:1: there are no answers | Write `answers:` with a list, or `models:`.'],
    ['version: 2\nanswers: [{ say: a }]', '1:10: version: 2 is not a whole number from 1 to 1 | '],
    ['answers: []', '1:10: answers: the list of answers is empty | Write at least one, such as `- say: hello`.'],
    ['models: { a: [] }', '1:14: models.a: the list of answers is empty | Write at least one, such as `- say: hello`.'],
    ['models: { "a*b": [{ say: x }] }', '1:11: models: "a*b": `*` stands only at the end, for any rest | '],
    ['answers: [{}]', '1:11: answers[0]: the answer is nothing | Write one of say, run, write, read, call, error, cut.'],
    ['answers:\n  - says: a', `2:5: answers[0]: unknown key "says" | Did you mean \`say\`? Allowed here: ${KEYS}.`],
    ['answers: [{ say: "" }]', '1:18: answers[0].say: the text is empty | '],
    ['answers: [{ say: 1 }]', '1:18: answers[0].say: 1 is not text | Quote it where text is meant: "1".'],
    ['answers: [{ run: " " }]', '1:18: answers[0].run: the script is empty | '],
    ['answers: [{ write: { path: a } }]', '1:20: answers[0].write: key "content" is missing | '],
    ['answers: [{ call: { tool: T, arguments: [] } }]', '1:41: answers[0].call.arguments: a list is not a map of arguments | '],
    ['answers: [{ call: [] }]', '1:19: answers[0].call: the list is empty | Leave it out, or name a tool.'],
    ['answers: [{ say: a, delay: 2h }]', '1:28: answers[0].delay: "2h" is out of range: up to 1h | '],
    ['answers: [{ say: a, chance: 2 }]', '1:29: answers[0].chance: 2 is not a number from 0 to 1 | '],
    ['answers: [{ say: a, when: {} }]', '1:27: answers[0].when: there is no condition | Leave it out, or write one.'],
    [
      'answers: [{ say: a, when: { matches: "(" } }]',
      '1:38: answers[0].when.matches: "(" is not a regular expression: Invalid regular expression: /(/: Unterminated group | ',
    ],
    ['answers: [{ error: { status: 200 } }]', '1:30: answers[0].error.status: 200 is not a whole number from 400 to 599 | '],
    [
      'answers: [{ error: { status: 500 }, run: a }]',
      '1:42: answers[0].run: an answer with `error` is nothing else | Make two answers of it.',
    ],
    [
      'answers: [{ error: { status: 500 }, cut: true }]',
      '1:42: answers[0].cut: an answer with `error` is nothing else | Make two answers of it.',
    ],
    [
      'answers: [{ say: a, times: 2 }]',
      '1:28: answers[0].times: only answers with `error` or `cut` are given several times | Write the answer as often as it is to be given.',
    ],
    [
      'answers: [{ say: a, usage: { input: 1, cached: 2 } }]',
      '1:28: answers[0].usage: cached is 2, and input 1 | `input` counts what came from the cache as well.',
    ],
    ['answers: [{ say: a }]\ndefault: { say: b, chance: 0.5 }', '2:28: default.chance: the default answer is given always | Leave it out.'],
    ['answers: [{ say: a }]\ndefault: {}', '2:10: default: the answer is nothing | Write one of say, run, write, read, call, error, cut.'],
    [`answers:\n${'- say: a\n'.repeat(10_001)}`, '2:1: answers: there are 10001 answers | At most 10000 are read.'],
  ])('refuses %.60j', (text, expected) => {
    expect(lines(() => parseScript(text, 's.yml'))[0]).toBe(expected);
  });

  it('tells all that is wrong, in the order of the file', () => {
    expect(lines(() => parseScript('answers: [{}, { say: a, when: {} }]\ndefault: {}', 's.yml')).map((line) => line.split(' ')[0])).toEqual(
      ['1:11:', '1:31:', '2:10:'],
    );
  });
});

describe('schema/model.schema.json', () => {
  const validator = new Validator(JSON.parse(read('schema/model.schema.json')) as object, '7');
  it.each([
    ['answers: [{ say: a, call: [{ tool: T }], when: { contains: x } }]', true],
    ['models: { m: [{ error: { status: 429 } }] }', true],
    ['answers: [{ call: { tool: T, arguments: 1 } }]', false],
    ['answers: [{ sya: a }]', false],
    ['answers: a', false],
  ])('%s: %s', (text, valid) => {
    expect(validator.validate(parse(text)).valid).toBe(valid);
  });
});
