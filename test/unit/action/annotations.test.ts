import { afterEach, describe, expect, it, vi } from 'vitest';
import { annotate, inputPlace } from '../../../src/action/annotations.ts';
import { JailError, UserError } from '../../../src/model/errors.ts';
import { CommandReader } from '../../action/support/commands.ts';

afterEach(() => vi.restoreAllMocks());

/** What the runner makes of the annotations of `error`. */
async function read(error: unknown): Promise<CommandReader> {
  const reader = new CommandReader([]);
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    reader.push(String(text));
    return true;
  });
  await annotate(error);
  reader.flush();
  return reader;
}
const problem = (message: string, file = 'p.yml') => ({ message, remedy: 'keep it', place: { file, line: 3, column: 5 } });

describe('annotate', () => {
  it('points to the place in the policy file', async () => {
    const { commands } = await read(new UserError([problem('unknown key')]));
    expect(commands).toEqual([
      { name: 'error', data: 'unknown key. Keep it', properties: { title: 'agent-jail', file: 'p.yml', line: '3', col: '5' } },
    ]);
  });

  it('says the place in words where there is no file to point to', async () => {
    const { commands } = await read(new UserError([problem('unknown key', inputPlace('policy'))]));
    expect(commands).toEqual([{ name: 'error', data: 'input policy:3:5: unknown key. Keep it', properties: { title: 'agent-jail' } }]);
  });

  it('prints ten annotations and the rest as plain text that is no command', async () => {
    const problems = Array.from({ length: 12 }, (_, at) => problem(`${at} ##[add-mask]e\n::error::x`));
    const { commands, log } = await read(new UserError(problems));
    expect(commands).toHaveLength(10);
    expect(new Set(commands.map(({ name }) => name))).toEqual(new Set(['error']));
    expect(log).toHaveLength(2);
  });

  it('annotates a jail-error with its remedy, and anything else as a mistake of our own', async () => {
    expect((await read(new JailError('no loop device', 'load the module'))).commands[0]?.data).toBe('no loop device. Load the module');
    expect((await read(new TypeError('x is undefined'))).commands[0]?.data).toMatch(/^unexpected: x is undefined\. .*report/);
  });
});
