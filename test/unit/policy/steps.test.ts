import { describe, expect, it } from 'vitest';
import { parseSteps } from '../../../src/policy/steps.ts';
import { lines } from './support.ts';

describe('parseSteps', () => {
  it('fills in what is left out', () => {
    expect(parseSteps('- run: npm test\n', 'steps')).toEqual([
      {
        name: 'step 1',
        setup: false,
        run: 'npm test',
        shell: null,
        workingDirectory: null,
        env: {},
        time: null,
        idle: null,
        tty: null,
        agent: null,
        place: { file: 'steps', line: 1, column: 3 },
      },
    ]);
  });
  it('takes every key', () => {
    const [setup, agent, none] = parseSteps(
      `- { run: npm ci, setup: true }
- name: fix it
  run: |
    claude -p "$TASK" \${{ not.ours }}
    echo done!
  shell: python {0}
  working-directory: packages/a
  env: { A: "1" }
  time: 1h30m
  idle: 90s
  tty: { columns: 120, rows: 40 }
  agent: claude-code
- { run: x, tty: true, agent: auto }
`,
      'steps',
    );
    expect(setup).toMatchObject({ name: 'setup 1', setup: true });
    expect(agent).toEqual({
      name: 'fix it',
      setup: false,
      run: 'claude -p "$TASK" ${{ not.ours }}\necho done!\n',
      shell: 'python {0}',
      workingDirectory: 'packages/a',
      env: { A: '1' },
      time: 5_400_000,
      idle: 90_000,
      tty: { columns: 120, rows: 40 },
      agent: 'claude-code',
      place: { file: 'steps', line: 2, column: 3 },
    });
    expect(none).toMatchObject({ tty: { columns: 80, rows: 24 }, agent: null });
  });

  it.each([
    ['true', { rows: 24, columns: 80 }],
    ['{}', { rows: 24, columns: 80 }],
    ['{ rows: 40 }', { rows: 40, columns: 80 }],
    ['{ columns: 132 }', { rows: 24, columns: 132 }],
    ['false', null],
  ])('a terminal of %s', (size, expected) => {
    expect(parseSteps(`- { run: a, tty: ${size} }`, 'steps')[0]?.tty).toEqual(expected);
  });

  it.each([
    ['', '1:1: steps is empty | Write a list of steps, such as `- run: npm test`, or leave it out.'],
    ['[]', '1:1: the list of steps is empty | Write at least one, such as `- run: npm test`.'],
    ['run: a', '1:1: a map is not a list | '],
    [
      '- npm test',
      '1:3: [0]: "npm test" is not a map with the keys name, run, setup, shell, working-directory, env, time, idle, tty, agent | ',
    ],
    ['- name: a', '1:3: [0]: key "run" is missing | '],
    ['- run: ""', '1:8: [0].run: the script is empty | '],
    ['- run: 1', '1:8: [0].run: 1 is not a script | Quote it where text is meant: "1".'],
    ['- run:', '1:3: [0].run: nothing is not a script | '],
    [
      '- run: a\n- rnu: b\n  run: c',
      '2:3: [1]: unknown key "rnu" | Did you mean `run`? Allowed here: name, run, setup, shell, working-directory, env, time, idle, tty, agent.',
    ],
    ['- { run: a, setup: yes }', '1:20: [0].setup: "yes" is not true or false | '],
    ['- { run: a, name: "a\\nb" }', '1:19: [0].name: "a\\nb" is not one line of text | '],
    [
      '- { run: a, env: { "A-B": x } }',
      '1:20: [0].env: "A-B" is not the name of an environment variable: letters, digits and _, no digit first | ',
    ],
    ['- { run: a, time: 5 }', '1:19: [0].time: "5" is not a time: whole numbers with h, m, s, ms in this order, such as 30s or 1h30m | '],
    ['- { run: a, tty: { columns: 0, rows: 1 } }', '1:29: [0].tty.columns: 0 is not a whole number from 1 to 1000 | '],
    ['- { run: a, tty: { rows: 1001 } }', '1:26: [0].tty.rows: 1001 is not a whole number from 1 to 1000 | '],
    ['- { run: a, tty: { rows: 1.5 } }', '1:26: [0].tty.rows: 1.5 is not a whole number from 1 to 1000 | '],
    ['- { run: a, tty: { cols: 80 } }', '1:20: [0].tty: unknown key "cols" | Did you mean `rows`? Allowed here: rows, columns.'],
    ['- { run: a, tty: 80x24 }', '1:18: [0].tty: "80x24" is not true, false, or a map with rows, columns | '],
    [
      '- { run: a, agent: claude }',
      '1:20: [0].agent: "claude" is not one of auto, claude-code, codex, gemini, pi, copilot, opencode, none | ',
    ],
    ['- run: a\n- { run: b, setup: true }', '2:3: [1]: a setup step comes after another step | Put all setup steps first.'],
    ['- run: a\n  run: b', '2:3: key "run" is there twice | Keep one of them.'],
    ['- &a { run: a }\n- *a', '1:6: anchors (`&a`) are not read | Write the value out.'],
    ['- run: a\n'.repeat(101), '101:3: there are 101 steps | At most 100 are run.'],
  ])('refuses %j', (text, expected) => {
    expect(lines(() => parseSteps(text, 'steps'))[0]).toBe(expected);
  });
});
