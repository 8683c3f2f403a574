import { expect } from 'vitest';
import { type Case, shows } from './bench.ts';

export const changes = (rule: string): string => `guards: { changes: { ${rule} } }`;

/** A rule that the script breaks, one that it keeps, and how the run ends that breaks it. */
function broken(id: string, script: string, kept: string, breaking: string, ends: RegExp): Case {
  return shows(id, async (on) => {
    const good = await on.once(kept, script);
    expect(`${good.verdict.outcome}: ${good.verdict.because}`).toMatch(/^succeeded: /);
    const bad = await on.run(breaking, script);
    expect(`${bad.verdict.outcome}: ${bad.verdict.because}`).toMatch(ends);
    expect(bad.code).toBe(bad.verdict.outcome === 'needs-review' ? 4 : 3);
    expect(bad.verdict.findings[0]?.place).toMatchObject({ line: 1, column: expect.any(Number) });
  });
}

const EDIT = 'echo four >> a.txt; echo five >> a.txt; printf 12345 > src/c.txt';

/** The rules that the edit keeps, all at once. */
const KEPT = changes(
  'allow: [a.txt, "src/**"], review: [b.txt], deny: [d.txt], require: [a.txt], max-files: 2, max-added-lines: 3, max-bytes: 1KiB',
);

export const GUARDS: readonly Case[] = [
  broken('guards.changes.allow[]', EDIT, KEPT, changes('allow: ["src/**"]'), /^guard-failed: guards\.changes\.allow: /),
  broken('guards.changes.review[]', EDIT, KEPT, changes('review: [a.txt]'), /^needs-review: guards\.changes\.review: /),
  broken('guards.changes.deny[]', EDIT, KEPT, changes('allow: ["**"], deny: [a.txt]'), /^guard-failed: guards\.changes\.deny: /),
  broken('guards.changes.require[]', EDIT, KEPT, changes('require: [b.txt]'), /^guard-failed: guards\.changes\.require: /),
  broken('guards.changes.max-files', EDIT, KEPT, changes('max-files: 1'), /max-files: 2 files changed, the most allowed is 1/),
  broken('guards.changes.max-added-lines', EDIT, KEPT, changes('max-added-lines: 2'), /max-added-lines: /),
  broken('guards.changes.max-bytes', EDIT, KEPT, changes('max-bytes: 10B'), /max-bytes: .* the most allowed is 10/),
  broken('guards.changes.root', 'echo x > /tmp/x', changes('root: true'), changes('root: false'), /^guard-failed: guards\.changes\.root: /),
  shows(['guards.network.denied=fail', 'guards.network.denied=review', 'guards.network.denied=ignore'], async (on) => {
    const ends = async (action: string, script = 'getent hosts example.com || true') =>
      on.ends(`guards: { network: { denied: ${action} } }`, script);
    expect(await ends('fail')).toMatch(/^guard-failed: guards\.network\.denied: /);
    expect(await ends('review')).toMatch(/^needs-review: guards\.network\.denied: /);
    expect(await ends('ignore')).toMatch(/^succeeded: /);
    expect(await ends('fail', 'true')).toMatch(/^succeeded: /);
  }),
  broken(
    'guards.output.require[]',
    'echo all tests pass',
    'guards: { output: { require: ["^all .* pass$"] } }',
    'guards: { output: { require: ["^some .* pass$"] } }',
    /^guard-failed: guards\.output\.require: /,
  ),
  broken(
    'guards.output.forbid[]',
    'echo BEGIN PRIVATE KEY',
    'guards: { output: { forbid: ["BEGIN CERTIFICATE"] } }',
    'guards: { output: { forbid: ["BEGIN [A-Z ]*KEY"] } }',
    /^guard-failed: guards\.output\.forbid: /,
  ),
  broken(
    'result.schema',
    'echo \'{"score": "high"}\' > "$AGENT_JAIL_RESULT"',
    'result: { schema: { type: object, required: [score] } }',
    'result: { schema: { type: object, properties: { score: { type: number } } } }',
    /^guard-failed: result\.schema: /,
  ),
];
