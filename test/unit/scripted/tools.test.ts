import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Call } from '../../../src/scripted/answers.ts';
import { callOf, NoSuchTool } from '../../../src/scripted/tools.ts';
import type { Tool } from '../../../src/scripted/wire.ts';

const tool = (name: string, ...properties: (string | [string, object])[]): Tool => ({
  name,
  custom: false,
  properties: Object.fromEntries(properties.map((one) => (typeof one === 'string' ? [one, { type: 'string' }] : one))),
});
const LIST: object = { type: 'array', items: { type: 'string' } };
const run: Call = { kind: 'run', command: 'make' };
const write: Call = { kind: 'write', path: 'a/b.txt', content: 'x' };
const read: Call = { kind: 'read', path: 'a/b.txt' };
const described = { description: 'the next step of the script' };

describe('callOf', () => {
  // As the agents offer them: Claude Code, Gemini CLI, Codex (three versions), opencode and pi, Cline.
  it.each([
    [run, tool('Bash', 'command', 'description', 'timeout'), { command: 'make', ...described }],
    [run, tool('run_shell_command', 'command', 'description'), { command: 'make', ...described }],
    [run, tool('exec_command', 'cmd', 'workdir'), { cmd: 'make' }],
    [run, tool('shell', ['command', LIST], 'workdir'), { command: ['bash', '-c', 'make'] }],
    [run, tool('shell_command', 'command'), { command: 'make' }],
    [run, tool('bash', 'command'), { command: 'make' }],
    [run, tool('run_commands', ['commands', LIST]), { commands: ['make'] }],
    [run, tool('bash'), { command: 'make' }],
    [run, tool('exec_command'), { cmd: 'make' }],
    [write, tool('Write', 'file_path', 'content'), { file_path: 'a/b.txt', content: 'x' }],
    [write, tool('write', 'filePath', 'content'), { filePath: 'a/b.txt', content: 'x' }],
    [write, tool('write_file', 'path', 'content'), { path: 'a/b.txt', content: 'x' }],
    [read, tool('Read', 'file_path', 'offset'), { file_path: 'a/b.txt' }],
    [read, tool('read_file', 'absolute_path'), { absolute_path: 'a/b.txt' }],
    [read, tool('read', 'filePath'), { filePath: 'a/b.txt' }],
    [{ kind: 'tool', tool: 'Frob', arguments: { a: 1 } } satisfies Call, tool('Frob'), { a: 1 }],
  ])('%j by %j', (call, offered, args) => {
    expect(callOf(call, [tool('other'), offered])).toEqual({ name: offered.name, args, custom: false });
  });

  it.each([
    [run, '`run` needs a tool that runs a command, and the request offers none at all'],
    [write, '`write` needs a tool that writes a file, or runs a command, and the request offers none at all'],
    [read, '`read` needs a tool that reads a file, or runs a command, and the request offers none at all'],
    [{ kind: 'tool', tool: 'Frob', arguments: {} } satisfies Call, '`call` needs a tool "Frob", and the request offers none at all'],
  ])('refuses %j', (call, why) => {
    expect(() => callOf(call, [])).toThrow(new NoSuchTool(why));
  });

  it('writes and reads by a shell where there is nothing else, whatever the path and the content', () => {
    const cwd = mkdtempSync(join(tmpdir(), 'agent-jail-tools-'));
    const command = (call: Call): string => String(callOf(call, [tool('bash', 'command')]).args['command']);
    const name = fc.string({ minLength: 1, maxLength: 20, unit: fc.constantFrom(...`ab '"$\`\\*-;&|<>~!#é`) });
    const content = fc.string({ unit: 'binary' }).filter((text) => !text.includes('\0') && text.isWellFormed());
    const files = fc.array(fc.tuple(name, name, content), { minLength: 15, maxLength: 15 });
    const check = (all: readonly (readonly [string, string, string])[]): void => {
      const calls = all.map(([directory, file, text], n) => ({ path: `${n}${directory}/${file}`, content: text }));
      // One shell for all: starting it is what takes time.
      const script = calls.map((file) => [command({ kind: 'write', ...file }), command({ kind: 'read', path: file.path })].join('\n'));
      const printed = execFileSync('sh', ['-c', script.join('\n')], { cwd, encoding: 'utf8' });
      expect(calls.map(({ path }) => readFileSync(join(cwd, path), 'utf8'))).toEqual(calls.map((file) => file.content));
      expect(printed).toBe(calls.map((file) => file.content).join(''));
    };
    try {
      fc.assert(fc.property(files, check), { numRuns: 2, endOnFailure: true });
    } finally {
      rmSync(cwd, { recursive: true, force: true });
    }
  });
});
