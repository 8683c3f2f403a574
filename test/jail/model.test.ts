import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { cli, CLI, NODE, record, repository, REPOSITORY, temporary } from '../support/jail.ts';

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

it.each(['nspawn', 'docker'])(
  'the example of the page: an agent in a jail, and a scripted model that it reaches by the policy, %s',
  async (backend) => {
    using place = temporary();
    const work = repository(place.path);
    cpSync(join(REPOSITORY, 'examples/model'), work, { recursive: true });
    const port = await freePort();
    const example = readFileSync(join(work, 'policy.yml'), 'utf8').replaceAll('8080', String(port));
    // Where this Node is; a runner's is in the jail by itself.
    const policy = JSON.stringify({ ...(parse(example) as object), mounts: [dirname(NODE)] });
    const out = mkdtempSync(join(place.path, 'record-'));
    const file = join(place.path, 'policy.json');
    writeFileSync(file, policy);
    const run = ['run', '--backend', backend, '--policy', file, '--out', out, '--', NODE, 'agent.mjs', 'Mend sum.mjs'];
    const ran = await cli(['model', 'script.yml', '--listen', `127.0.0.1:${port}`, '--', NODE, CLI, ...run], { cwd: work });
    expect([ran.code, ran.stderr]).toEqual([0, expect.stringContaining('agent-jail model: 5 requests, 0 of them refused or broken\n')]);
    const { transcript, verdict, ndjson } = record(out);
    expect(transcript).toBe('I look at the program.\nIt is mended.\n');
    expect(verdict.outcome).toBe('succeeded');
    expect(ndjson('changes.ndjson').filter(({ layer }) => layer === 'workspace')).toMatchObject([{ op: 'modified', path: 'sum.mjs' }]);
    expect(readFileSync(join(out, 'changes.patch'), 'utf8')).toContain('+export const sum = (a, b) => a + b;');
    // The workspace itself is as it was.
    expect(readFileSync(join(work, 'sum.mjs'), 'utf8')).toContain('a - b');
  },
);
