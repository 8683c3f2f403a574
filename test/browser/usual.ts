import type { Finding } from '../../src/model/changes.ts';
import type { Content } from '../unit/record/fixture.ts';
import { logOf, readOne } from '../unit/trajectory/support.ts';
import { added, deleted, denial, modified, PLACE, program, renamed, STEP } from '../unit/record/fixture.ts';

/** A record like those of every day. */
export const USUAL: Content = {
  run: {
    steps: [
      { ...STEP, name: 'install', setup: true, started: 100, exit: { code: 0, signal: null, hit: [], ms: 400, bytes: 20 } },
      { ...STEP, name: 'agent', started: 520, exit: { code: 1, signal: null, hit: ['processes'], ms: 950, bytes: 90 } },
    ],
    notices: ['the backend is nspawn'],
    limits: [{ name: 'memory', limit: 1 << 30, peak: 1 << 20, hit: false }],
  },
  output: `${Array.from({ length: 30 }, (_, index) => `line ${index + 1} of the build`).join('\n')}\n\x1b[31mred\x1b[0m end\n`,
  changes: [
    modified('README.md'),
    added('src/app/new.ts', {}, { size: 40 }),
    modified('src/app/old.ts'),
    deleted('src/gone.ts'),
    renamed('lib/a.ts', 'lib/b.ts'),
    added('package.json', { flags: ['runs-later'] }),
    added('.cache/x', { layer: 'home' }),
  ],
  patch: `diff --git a/README.md b/README.md
index 1111111111111111111111111111111111111111..2222222222222222222222222222222222222222 100644
--- a/README.md
+++ b/README.md
@@ -1,3 +1,3 @@
 # Title
-the old line
+the new line
 end
diff --git a/src/app/new.ts b/src/app/new.ts
new file mode 100644
index 0000000000000000000000000000000000000000..3333333333333333333333333333333333333333
--- /dev/null
+++ b/src/app/new.ts
@@ -0,0 +1,2 @@
+export const one = 1;
+export const two = 2;
`,
  network: [
    denial('denied.example'),
    denial('evil.example', { kind: 'connection', port: 443, protocol: 'tls' }),
    denial('registry.example', { verdict: 'allowed', reason: 'network.allow', kind: 'connection', port: 443, bytesIn: 2048 }),
  ],
  programs: [
    program('/usr/bin/true', { t: 30, process: 3, parent: 2, argv: ['true'] }),
    program('/usr/bin/git', { t: 20, process: 2, parent: 1, argv: ['git', 'status'], how: 'signal', code: null, signal: 'SIGKILL' }),
    program('/bin/sh', { t: 10, argv: ['sh', '-c', 'git status'], ms: 50 }),
  ],
  result: '{"answer": 42}\n',
};
export const FINDING: Finding = {
  rule: 'guards.changes.review',
  place: PLACE,
  action: 'review',
  message: '1 changed path to be reviewed',
  what: ['package.json'],
  more: 2,
};
/** What pi says of itself. */
export const TRAJECTORY = readOne(logOf('pi.stdout')).then(({ trajectory }) => trajectory);
