import { spawnSync } from 'node:child_process';
import { expect } from 'vitest';
import { UserError } from '../../../src/model/errors.ts';
import { parseGitConfig, rewriteGitConfig, withoutUserinfo } from '../../../src/plan/git-config.ts';
import { parsePolicy } from '../../../src/policy/parse.ts';
import { parseSteps } from '../../../src/policy/steps.ts';
import { fuzz, spoiltText } from './fuzz.ts';

// Files of a repository: the policy, the steps, the configuration of git.

const POLICIES = [
  'version: 1\nworkspace: { access: read-only, hide: ["*.key"] }\nlimits: { time: 30m, memory: 6GiB, output: 20MB }\n',
  'network: [npm, api.example.com, { host: "*.b.example", ports: [80] }]\nsecrets:\n  KEY: { inject: api.example.com, paths: [/v1/*] }\n  OTHER: expose\n',
  'guards:\n  changes:\n    allow: ["src/**", test/]\n    max-files: 40\n  output: { forbid: ["BEGIN [A-Z ]*KEY"] }\nresult: { schema: { type: object } }\n',
  'mounts:\n  - /opt/tools\n  - { source: /srv/data, target: /data, access: copy-on-write }\nenv: { A: "1", B: two }\npass-env: [C]\nsetup: { env: {}, limits: { cpus: 0.5 } }\n',
];
/** Every problem has a place in the file, and a message of one paragraph that a terminal can show. */
function refused(error: unknown, file: string): void {
  if (!(error instanceof UserError)) throw error;
  expect(error.problems.length).toBeGreaterThan(0);
  for (const { place, message } of error.problems) {
    if (place !== null) expect(place).toMatchObject({ file });
    expect(message).not.toBe('');
  }
}

fuzz('policy: read, or refused with the place', spoiltText(POLICIES), (text) => {
  try {
    expect(parsePolicy(text, 'p.yml').digest).toMatch(/^[0-9a-f]{64}$/);
  } catch (error) {
    refused(error, 'p.yml');
  }
});

const STEPS = [
  '- run: echo hi\n- { name: two, run: npm test, shell: bash, time: 5m, env: { A: b } }\n',
  '- name: set up\n  setup: true\n  run: |\n    npm ci\n    npm run build\n  working-directory: sub\n- run: x\n  tty: true\n',
];
fuzz('steps: read, or refused with the place', spoiltText(STEPS), (text) => {
  try {
    expect(parseSteps(text, 's.yml').length).toBeGreaterThan(0);
  } catch (error) {
    refused(error, 's.yml');
  }
});

const CONFIGS = [
  '[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n\tsshCommand = "ssh -i /x" ; no\n[remote "origin"]\n\turl = https://user:token@github.com/a/b\n\tfetch = +refs/heads/*:refs/remotes/origin/*\n',
  '[http "https://github.com/"]\n\textraheader = AUTHORIZATION: basic abc\n[include]\n\tpath = /etc/passwd\n[alias]\n\tx = !sh -c id\n[branch "main"]\n\tremote = origin\n\tmerge = refs/heads/main\n',
  '[credential]\n\thelper = store\n[user]\n\tname = "A \\"quoted\\" B\\\n more"\n\temail = a@b ; comment\n[submodule "a\\\\b"]\n\turl = ssh://git@h/x\n[remote.old]\n\turl = ../up\n',
];
const DANGEROUS =
  /^(?:core\.(?!repositoryformatversion|filemode|bare|ignorecase|precomposeunicode|symlinks|logallrefupdates|autocrlf|eol|sparsecheckout)|http|include|includeif|credential|alias|filter|diff|merge\.|url\.|gpg|protocol|pager|hook)/;

/** What git itself makes of a configuration; null: it refuses it. */
function byGit(text: string): [string, string | null][] | null {
  const { status, stdout } = spawnSync('git', ['config', '--file', '-', '--list', '--null', '--no-includes'], {
    input: text,
    encoding: 'utf8',
    cwd: '/',
  });
  if (status !== 0) return null;
  return stdout
    .split('\0')
    .filter((one) => one !== '')
    .map((one) => (one.includes('\n') ? [one.slice(0, one.indexOf('\n')), one.slice(one.indexOf('\n') + 1)] : [one, null]));
}

fuzz(
  'git configuration: what is kept says nothing dangerous and no password, and rewriting it changes nothing',
  spoiltText(CONFIGS),
  (text) => {
    const kept = rewriteGitConfig(text);
    expect(rewriteGitConfig(kept)).toBe(kept);
    for (const { section, subsection, name, value } of parseGitConfig(kept)) {
      expect([section, ...(subsection === null ? [] : [subsection]), name].join('.')).not.toMatch(DANGEROUS);
      if (name === 'url' && value !== null) expect(withoutUserinfo(value)).toBe(value);
    }
  },
);

fuzz(
  'git configuration: git reads what is kept as we do, and no more than it read before',
  spoiltText(CONFIGS),
  (text) => {
    if (text.includes('\0')) return; // git ends a value there
    const kept = byGit(rewriteGitConfig(text));
    expect(kept).not.toBeNull();
    for (const [name] of kept ?? []) expect(name).not.toMatch(DANGEROUS);
    const before = byGit(text);
    if (before === null) return;
    // Where git takes the whole file, each setting that is kept is one of its own.
    const names = new Set(before.map(([name]) => name.replace(/\/\/[^/]*@/, '//')));
    for (const [name] of kept ?? []) expect(names).toContain(name.replace(/\/\/[^/]*@/, '//'));
  },
  400,
);
