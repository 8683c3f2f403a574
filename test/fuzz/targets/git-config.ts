import assert from 'node:assert/strict';
import { parseGitConfig, rewriteGitConfig, withoutUserinfo } from '../../../src/plan/git-config.ts';
import type { Target } from '../target.ts';

const DANGEROUS =
  /^(?:core\.(?!repositoryformatversion|filemode|bare|ignorecase|precomposeunicode|symlinks|logallrefupdates|autocrlf|eol|sparsecheckout)|http|include|includeif|credential|alias|filter|diff|merge\.|url\.|gpg|protocol|pager|hook)/;

/** A git configuration as the jail gets it: nothing that runs or logs in; written again it is the same. */
export const target: Target = {
  seeds: [
    '[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n\tsshCommand = "ssh -i /x" ; no\n[remote "origin"]\n\turl = https://user:token@github.com/a/b\n\tfetch = +refs/heads/*:refs/remotes/origin/*\n',
    '[http "https://github.com/"]\n\textraheader = AUTHORIZATION: basic abc\n[include]\n\tpath = /etc/passwd\n[alias]\n\tx = !sh -c id\n[branch "main"]\n\tremote = origin\n\tmerge = refs/heads/main\n',
    '[user]\n\tname = "A \\"quoted\\" B\\\n more"\n\temail = a@b ; comment\n[submodule "a\\\\b"]\n\turl = ssh://git@h/x\n[remote.old]\n\turl = ../up\n',
  ],
  words: ['[', ']', '"', '\\', '\\n', '\n', '\r\n', '\t', ' = ', ';', '#', '\0', '\ufeff', '\u00a0', 'core', 'remote', 'url', 'https://', 'u:p@', '@', '::', '?x#y', 'include', 'alias', '.', 'bare'],
  check(input) {
    const text = input.toString();
    const kept = rewriteGitConfig(text);
    assert.equal(rewriteGitConfig(kept), kept);
    for (const { section, subsection, name, value } of parseGitConfig(kept)) {
      assert.doesNotMatch([section, ...(subsection === null ? [] : [subsection]), name].join('.'), DANGEROUS);
      if (name.endsWith('url') && value !== null) assert.equal(withoutUserinfo(value), value);
    }
  },
}; // biome-ignore format: a list
