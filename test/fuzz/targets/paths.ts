import assert from 'node:assert/strict';
import { posix } from 'node:path';
import { linkProblem, pathProblem } from '../../../src/apply/paths.ts';
import type { Target } from '../target.ts';

/** Where a stranger's change may be written, and where its links may lead: `path NUL target`. What is allowed stays in the checkout and out of git's directory. */
export const target: Target = {
  seeds: [
    'src/a.ts\0b.ts',
    'a/b/c\0../../d',
    'link\0dir/./x',
    '.gitignore\0x',
    'a/.GIT/x\0y',
    'git~1/x\0../..',
    'x\0C:/y',
    '.g\u200cit/config\0x',
  ],
  words: [
    '../',
    './',
    '/',
    '\\',
    '.git',
    '.GIT',
    'git~1',
    'GIT~2',
    '.gitmodules',
    'gitmod~1',
    ':',
    '::$INDEX_ALLOCATION',
    '. ',
    ' ',
    '\u200c',
    '\ufeff',
    'c:',
    '\0',
  ],
  check(bytes) {
    const text = bytes.toString('latin1');
    const at = text.indexOf('\0');
    const path = at === -1 ? text : text.slice(0, at);
    const link = at === -1 ? '' : text.slice(at + 1);
    if (pathProblem(path) !== null) return;
    const inside = (where: string): boolean => where !== '..' && !where.startsWith('../') && !where.startsWith('/');
    assert.ok(path !== '' && inside(posix.normalize(path)) && posix.normalize(path) === path);
    assert.ok(path.split('/').every((part) => !/^\.git$/i.test(part)));
    if (linkProblem(path, link) !== null) return;
    const leads = posix.normalize(posix.join(posix.dirname(path), link));
    assert.ok(inside(leads), leads);
    assert.ok(!leads.split('/').some((part) => /^\.git[. ]*$/i.test(part)), leads);
    assert.ok(!/^\.git(?:modules|attributes|ignore)$/i.test(posix.basename(path)));
  },
};
