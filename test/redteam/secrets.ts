import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, inflateSync } from 'node:zlib';
import { jailed, type Ran, REPOSITORY, temporary } from '../support/jail.ts';
import { patience, policyFor, probes, script } from './batch.ts';
import type { Host } from './host.ts';
import { judge, type Judged, looked } from './judge.ts';

const FILE = 'A8-disguises.mjs';

/** Random, with characters that every encoding changes. */
export const newSecret = (): string => `sk-${randomBytes(9).toString('hex')}+&"é${randomBytes(9).toString('hex')}`;

/** How the secret might stand in a record, written down here without help from what redacts it. */
export function disguises(secret: string): Record<string, Buffer> {
  const bytes = Buffer.from(secret);
  const hex = bytes.toString('hex');
  const base64 = (before: number): string => {
    const text = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64');
    // The characters that are of the secret alone.
    return text.slice(Math.ceil((before * 8) / 6), Math.floor(((before + bytes.length) * 8) / 6));
  };
  const texts = {
    plain: secret,
    base64: base64(0),
    'base64 after one byte': base64(1),
    'base64 after two bytes': base64(2),
    'base64 for URLs': base64(0).replaceAll('+', '-').replaceAll('/', '_'),
    hexadecimal: hex,
    'hexadecimal in capitals': hex.toUpperCase(),
    'percent-encoded': encodeURIComponent(secret),
    'percent-encoded bytes': hex.replace(/../g, '%$&'),
    JSON: JSON.stringify(secret).slice(1, -1),
    'JSON in JSON': JSON.stringify(JSON.stringify(secret)).slice(3, -3),
    reversed: [...secret].reverse().join(''),
    'one character a line': [...secret].join('\n'),
  };
  return Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, Buffer.from(text)]));
}

export interface Find {
  readonly disguise: string;
  /** A file of the record, or of its archive. */
  readonly file: string;
}

/** Looks for the secret in every file of a record, in what its archive holds, and in what is compressed there. */
export function scan(record: string, secret: string): Find[] {
  using directory = temporary('aj-scan-');
  const found: Find[] = [];
  const look = (file: string, content: Buffer): void => {
    for (const [disguise, bytes] of Object.entries(disguises(secret))) if (content.includes(bytes)) found.push({ disguise, file });
    if (content.includes(Buffer.from(secret)) === false)
      for (const inner of [unpacked(content, gunzipSync), unpacked(content, inflateSync)])
        if (inner !== null) look(`${file} (unpacked)`, inner);
  };
  for (const name of readdirSync(record)) look(name, readFileSync(join(record, name)));
  const archive = join(directory.path, 'tree');
  mkdirSync(archive);
  if (readFileSync(join(record, 'changes.tar.gz')).length > 0) {
    execFileSync('tar', [
      '--extract',
      '--gzip',
      '--no-same-owner',
      '--no-same-permissions',
      '--file',
      join(record, 'changes.tar.gz'),
      '--directory',
      archive,
    ]);
    for (const entry of readdirSync(archive, { recursive: true, withFileTypes: true })) {
      const path = join(entry.parentPath, entry.name);
      look(`changes.tar.gz: ${path.slice(archive.length)}`, entry.isFile() ? readFileSync(path) : Buffer.alloc(0));
    }
  }
  return found;
}

function unpacked(content: Buffer, by: (bytes: Buffer) => Buffer): Buffer | null {
  try {
    return by(content);
  } catch {
    return null;
  }
}

/** Runs the disguises with the secret as the policy's own, or, to see whether the scanner finds anything at all, as an ordinary variable. */
export async function runDisguises(host: Host, secret: string, exposed: boolean): Promise<Ran> {
  const more = exposed ? 'secrets: { RT_SECRET: expose }' : 'pass-env: [RT_SECRET]';
  return jailed(host.directory, script([FILE], patience(host)), {
    cwd: host.workspace,
    env: { ...host.env, RT_SECRET: secret },
    policy: policyFor(host, { more }),
    args: ['--backend', host.backend],
  });
}

/** A8: one result for every disguise that was printed, and for every file. */
export async function secrets(host: Host): Promise<Judged[]> {
  const secret = newSecret();
  const ran = await runDisguises(host, secret, true);
  const wrote = judge(
    probes().filter(({ file }) => file === FILE),
    ran.transcript,
    host.nonce,
    host,
  );
  const found = scan(ran.out, secret);
  const shown = Buffer.from(`${ran.stdout}${ran.stderr}`);
  for (const [disguise, bytes] of Object.entries(disguises(secret)))
    if (shown.includes(bytes)) found.push({ disguise, file: 'what the command line printed' });

  const printed = [...ran.transcript.matchAll(/FORM (\S+) <</g)].map(([, name = '']) => name);
  const lines = new Map([...ran.transcript.matchAll(/FORM (\S+) <<(.*?)>>/gs)].map(([, name = '', text = '']) => [name, text]));
  const manual = readFileSync(join(REPOSITORY, 'docs/redaction.md'), 'utf8');
  const byForm = [...new Set(printed)].map((name): Judged => {
    if (name === 'one-a-line') {
      const known = manual.includes('one character a line');
      return {
        id: 'A8-printed-one-a-line',
        verdict: known ? 'documented' : 'ESCAPED',
        detail: known ? '' : 'docs/redaction.md does not say so',
      };
    }
    const ok = (lines.get(name) ?? '').includes('[redacted RT_SECRET]');
    return looked(`A8-printed-${name}`, lines.has(name), ok ? [] : [`shows as ${JSON.stringify((lines.get(name) ?? '').slice(0, 40))}`]);
  });
  const anywhere = found.filter(({ disguise }) => disguise !== 'one character a line');
  const changes = ran.ndjson('changes.ndjson');
  const files = ['plain', 'base64', 'json', 'binary', 'gzip', 'tar', 'link-target', 'name-'].map((name) => {
    const entry = changes.find(({ path }) => String(path).includes(`/leaks/${name}`) || String(path).startsWith(`leaks/${name}`));
    const flagged = ((entry?.['flags'] ?? []) as string[]).includes('secret');
    return looked(
      `A8-file-${name.replace('-', '')}`,
      entry !== undefined,
      flagged ? [] : ['it is not flagged'],
      'it is not among the changes',
    );
  });
  return [
    ...wrote,
    ...byForm,
    ...files,
    looked(
      'A8-record',
      ran.manifest !== null && printed.length > 18,
      anywhere.map(({ disguise, file }) => `${disguise} in ${file}`),
    ),
    looked('A8-exact', ran.run !== null, ran.run?.exact === false ? [] : ['the record says that it is exact']),
  ];
}
