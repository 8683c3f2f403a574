import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { cli, type Ran, temporary } from '../support/jail.ts';
import { inJail, probes, script } from './batch.ts';
import type { Host } from './host.ts';
import { judge, type Judged, looked } from './judge.ts';

const SETUP = ['D5-swap.sh'];
const FILES = ['D4-later.sh', 'D6-odd.pl', 'F1-record.pl'];

interface Change {
  readonly path: string;
  readonly path_b64?: string;
  readonly op: string;
  readonly flags?: readonly string[];
  readonly after?: { readonly sha256: string | null };
}

/** D4 to D6, F1 and F3: one step makes it all, the record must tell it all, and hold nothing of the host's. */
export async function trees(host: Host): Promise<Judged[]> {
  const ran = await inJail(host, script(FILES), { setup: script(SETUP) });
  const own = probes().filter(({ file }) => [...SETUP, ...FILES].includes(file));
  const judged = judge(own, ran.transcript, host.nonce, host);
  const changes = ran.ndjson('changes.ndjson') as unknown as Change[];
  const wrong = new Map([...later(ran, changes), ...made(ran, changes), ...printed(ran)]);
  return [
    ...judged.map((one) => (one.verdict === 'blocked' && wrong.has(one.id) ? escaped(one.id, wrong.get(one.id) ?? []) : one)),
    looked(
      'D5-record',
      changes.length > 3000,
      canaries(ran.out).flatMap((value) => host.hidden.get(value) ?? []),
    ),
    looked(
      'D6-complete',
      ran.run?.end.how === 'steps-done' && wrong.size > 40,
      ran.ndjson('changes.ndjson').length > 3000 ? [] : ['it is cut short'],
    ),
    await sealed(ran),
  ];
}

/** Nothing wrong: still blocked. */
const escaped = (id: string, why: readonly string[]): Judged =>
  why.length === 0 ? { id, verdict: 'blocked', detail: '' } : { id, verdict: 'ESCAPED', detail: why.join('; ') };

const bytesOf = ({ path, path_b64: encoded }: Change): Buffer =>
  encoded === undefined ? Buffer.from(path) : Buffer.from(encoded, 'base64');
const find = (changes: readonly Change[], path: Buffer): Change | undefined => changes.find((change) => bytesOf(change).equals(path));

/** D4: what is run later is flagged. */
const later = ({ transcript }: Ran, changes: readonly Change[]): [string, string[]][] =>
  [...transcript.matchAll(/^LATER (\S+) (.+)$/gm)].map(([, id = '', path = '']) => {
    const change = find(changes, Buffer.from(path));
    return [id, change?.flags?.includes('runs-later') === true ? [] : [`${path} is ${change === undefined ? 'not told' : 'not flagged'}`]];
  });

/** D5 and D6: each is told as what it is. */
const made = ({ transcript }: Ran, changes: readonly Change[]): [string, string[]][] =>
  [...transcript.matchAll(/^MADE (\S+) (\S+) (\S+) (\S+) (\S+)$/gm)].map(([, id = '', path = '', op = '', flag = '', hash = '']) => {
    const change = find(changes, Buffer.from(path, 'base64'));
    const wrong = [
      ...(change === undefined ? ['it is not told'] : []),
      ...(change !== undefined && change.op !== op ? [`it is told as ${change.op}`] : []),
      ...(change !== undefined && flag !== '-' && change.flags?.includes(flag) !== true ? [`it is not flagged ${flag}`] : []),
      ...(change !== undefined && hash !== '-' && change.after?.sha256 !== hash ? ['its content is told wrongly'] : []),
      ...(id === 'D6-whiteout' && find(changes, Buffer.from('tree/stays')) !== undefined
        ? ['a file that is there is told as another']
        : []),
    ];
    return [id, wrong];
  });

/** F3: the transcript has what was printed, byte by byte. */
function printed({ out }: Ran): [string, string[]][] {
  const bytes = readFileSync(join(out, 'transcript.log'));
  return ['F3-bytes', 'F3-long-line', 'F3-many-lines'].map((id) => {
    const at = bytes.indexOf(`OUTPUT ${id} `);
    const end = bytes.indexOf('\n', at);
    const [, length = '0', hash = ''] = bytes
      .subarray(at + 7, end)
      .toString()
      .split(' ');
    const text = bytes.subarray(end + 1, end + 1 + Number(length));
    return [id, at !== -1 && createHash('sha256').update(text).digest('hex') === hash ? [] : ['the transcript has other bytes']];
  });
}

/** Every canary in any file of a record, in its archive as well. */
export function canaries(out: string): string[] {
  const contents = readdirSync(out).map((name) => readFileSync(join(out, name)));
  const archive = existsSync(join(out, 'changes.tar.gz')) ? readFileSync(join(out, 'changes.tar.gz')) : Buffer.alloc(0);
  const all = [...contents, archive.length === 0 ? archive : gunzipSync(archive)];
  return [...new Set(all.flatMap((content) => content.toString('latin1').match(/canary-[0-9a-f]{32}/g) ?? []))];
}

/** F1: after all that, the record is whole and is the run's. */
async function sealed(ran: Ran): Promise<Judged> {
  const { code, stdout } = await cli(['verify', ran.out], { cwd: '/' });
  const forged = JSON.stringify([ran.run, ran.verdict, ran.manifest]).includes('"forged"');
  const first = ran.transcript.includes('BEFORE the attempts');
  return looked('F1-sealed', ran.manifest !== null, [
    ...(code === 0 ? [] : [`verify: ${stdout.trim()}`]),
    ...(forged ? ['the forged record is in it'] : []),
    ...(first ? [] : ['the output is not all there']),
  ]);
}

/** D7 and F2: names that unpack where they should not. GNU tar and git are the judges, in a place with a guard around it. */
export function unpacked(id: string, { out }: Pick<Ran, 'out'>): Judged[] {
  using place = temporary('aj-unpack-');
  const [target, around] = [join(place.path, 'around/target'), join(place.path, 'around')];
  mkdirSync(target, { recursive: true });
  const archive = join(out, 'changes.tar.gz');
  const names = tar('--list', '--absolute-names', '--quoting-style=escape', '--file', archive);
  tar('--extract', '--file', archive, '--directory', target, '--no-same-owner', '--delay-directory-restore', '--absolute-names');
  return [
    looked(
      `${id}-names`,
      names.length > 10,
      names.filter((name) => name.startsWith('/') || name.split('/').includes('..')).map((name) => `the archive has ${name}`),
    ),
    looked(
      `${id}-outside`,
      readdirSync(target).length > 0,
      readdirSync(around)
        .filter((name) => name !== 'target')
        .map((name) => `unpacking made ${name}`),
    ),
  ];
}
const tar = (...args: string[]): string[] =>
  execFileSync('tar', ['--gzip', ...args], { encoding: 'latin1', maxBuffer: 64 << 20, stdio: ['ignore', 'pipe', 'ignore'] })
    .split('\n')
    .filter((line) => line !== '');
