import { execFileSync } from 'node:child_process';
import { linkSync, mkdirSync, renameSync, symlinkSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { LayerView } from '../../../src/model/collector.ts';
import type { HostPath, JailPath } from '../../../src/model/names.ts';
import { collect, dir, fill, mount, SECRET, useWorkspace, workspace } from './fixture.ts';

useWorkspace();

const at = (path: string): string => join(dir, 'plain', path);
const home = (): LayerView => {
  const plain = join(dir, 'plain') as HostPath;
  return { layer: 'home', target: '/home/agent' as JailPath, upper: plain, lowers: [], merged: plain, swapped: null };
};
async function collected(secrets: { name: string; value: string }[] = []) {
  mount();
  const { sessions, sessionsLeft } = await collect([workspace(), home()], secrets);
  const { left_out: left, ...footer } = sessions.at(-1) as { left_out: { path: string; why: string }[]; files: number };
  const files = sessions.filter(({ kind }) => kind === 'file').map(({ agent, path }) => `${String(agent)} ${String(path)}`);
  const text = sessions.filter(({ kind }) => kind === 'line').map((line) => String(line['text']));
  return { sessions, files: files.toSorted(), text, left: left.map(({ path, why }) => `${path}: ${why}`).toSorted(), footer, sessionsLeft };
}

test('the logs of each agent are taken, line by line, and nothing else of HOME', async () => {
  fill(dir, {
    'plain/.claude/projects/-work/a.jsonl': '{"a":1}\n\n{"b":2}\nno end',
    'plain/.claude/projects/-work/a.txt': 'no log',
    'plain/.claude/settings.json': '{}',
    'plain/.codex/sessions/2026/11/25/rollout-1.jsonl': '{"c":1}\n',
    'plain/.codex/sessions/2026/11/25/other.jsonl': 'no log',
    'plain/.gemini/tmp/w/chats/session-1.jsonl': '{"g":1}\n',
    'plain/.copilot/session-state/1/events.jsonl': '{"p":1}\n',
    'plain/.pi/agent/sessions/--w--/1.jsonl': '',
    'plain/.pi/agent/auth.json': '{"key":"k"}',
    'plain/.local/share/opencode/opencode.db': 'SQLite format 3',
  });
  const { files, text, left, footer, sessionsLeft } = await collected();
  expect(files).toEqual([
    'claude-code .claude/projects/-work/a.jsonl',
    'codex .codex/sessions/2026/11/25/rollout-1.jsonl',
    'copilot .copilot/session-state/1/events.jsonl',
    'gemini .gemini/tmp/w/chats/session-1.jsonl',
    'pi .pi/agent/sessions/--w--/1.jsonl',
  ]);
  expect(text.toSorted()).toEqual(['no end', '{"a":1}', '{"b":2}', '{"c":1}', '{"g":1}', '{"p":1}']);
  expect(left).toEqual(['.local/share/opencode/opencode.db: a database']);
  expect(footer).toMatchObject({ end: true, lines: 11, files: 5, more: 0 });
  expect(sessionsLeft).toBe(1);
});

test('what is no regular file below real directories is not opened, and is counted', async () => {
  writeFileSync(join(dir, 'canary'), 'canary of the host\n');
  mkdirSync(join(dir, 'elsewhere'));
  writeFileSync(join(dir, 'elsewhere/rollout-x.jsonl'), 'canary of the host\n');
  fill(dir, { 'plain/.claude/projects/p/real.jsonl': '{"real":1}\n', 'plain/.gemini/tmp/x': 'x', 'plain/.pi/agent/x': 'x' });
  symlinkSync(join(dir, 'canary'), at('.claude/projects/p/link.jsonl'));
  symlinkSync(join(dir, 'elsewhere'), at('.claude/projects/folder.jsonl'));
  execFileSync('mkfifo', [at('.claude/projects/p/fifo.jsonl')]);
  execFileSync('mknod', [at('.claude/projects/p/zero.jsonl'), 'c', '1', '5']);
  mkdirSync(at('.claude/projects/p/directory.jsonl'));
  mkdirSync(at('.codex'));
  symlinkSync(join(dir, 'elsewhere'), at('.codex/sessions')); // in place of the folder
  symlinkSync('.gemini', at('.copilot')); // on the way to it
  renameSync(at('.pi'), at('.pi-real'));
  symlinkSync('.pi-real', at('.pi'));
  const { files, text, left, sessionsLeft } = await collected();
  expect([files, text]).toEqual([['claude-code .claude/projects/p/real.jsonl'], ['{"real":1}']]);
  expect(left).toEqual([
    '.claude/projects/folder.jsonl: not a regular file',
    '.claude/projects/p/fifo.jsonl: not a regular file',
    '.claude/projects/p/link.jsonl: not a regular file',
    '.claude/projects/p/zero.jsonl: not a regular file',
    '.codex/sessions: not a directory',
    '.copilot: not a directory',
    '.pi: not a directory',
  ]);
  expect(sessionsLeft).toBe(7);
});

test('number and size are bounded: the newest are taken', async () => {
  const folder = '.claude/projects/p';
  fill(dir, Object.fromEntries(Array.from({ length: 23 }, (_, n) => [`plain/${folder}/${n}.jsonl`, `{"n":${n}}\n`])));
  for (let n = 0; n < 23; n += 1) utimesSync(at(`${folder}/${n}.jsonl`), 1000 + n, 1000 + n);
  truncateSync(at(`${folder}/22.jsonl`), 2 ** 40); // all holes
  writeFileSync(at(`${folder}/21.jsonl`), `${'x'.repeat(3 << 20)}\n{"next":1}\n`);
  utimesSync(at(`${folder}/22.jsonl`), 1022, 1022);
  utimesSync(at(`${folder}/21.jsonl`), 1021, 1021);
  linkSync(at(`${folder}/20.jsonl`), at(`${folder}/twice.jsonl`));
  const { sessions, files, left } = await collected();
  expect(files).toHaveLength(20);
  expect(left).toEqual([0, 1, 2, 3].map((n) => `.claude/projects/p/${n}.jsonl: too many files`));
  expect(sessions[1]).toMatchObject({ path: `${folder}/22.jsonl`, size: 2 ** 40, cut: true });
  expect(sessions.find(({ cut }) => cut === 1 << 20)).toMatchObject({ text: 'x'.repeat(2 << 20) });
  expect(sessions.some(({ text }) => text === '{"next":1}')).toBe(true);
});

test('a tree without an end is not walked to it', async () => {
  fill(dir, { 'plain/.claude/projects/real.jsonl': '{"real":1}\n' });
  mkdirSync(at(`.claude/projects/${'d/'.repeat(300)}`), { recursive: true });
  const many = at('.codex/sessions');
  mkdirSync(many, { recursive: true });
  for (let n = 0; n < 20_010; n += 1) writeFileSync(join(many, `${n}`), '');
  const { files, left } = await collected();
  expect(files).toEqual(['claude-code .claude/projects/real.jsonl']);
  expect(left).toEqual([`.claude/projects${'/d'.repeat(9)}: too deep, or a mount`, '.codex/sessions: more than 20000 names']);
});

test('a secret in a log is replaced, also on the border of what is kept', async () => {
  const border = Array.from({ length: 16 }, () => 'x'.repeat((1 << 20) - 1))
    .join('\n')
    .slice(0, -5)
    .concat('\n');
  fill(dir, {
    'plain/.claude/projects/a.jsonl': `{"said":"${SECRET}"}\n{"base64":"${Buffer.from(SECRET).toString('base64')}"}\n`,
    'plain/.claude/projects/b.jsonl': `${border}${SECRET}`,
  });
  const { text } = await collected([{ name: 'TOKEN', value: SECRET }]);
  expect(text).toContain('{"said":"***"}');
  expect(text.join('\n')).not.toMatch(/hunte|aHVudGVy/);
});
