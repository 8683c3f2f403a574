import { createHash } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fetchBaselines } from '../../src/action/baseline.ts';
import type { BaselineWish } from '../../src/action/baseline.ts';
import { GitHubRest } from '../../src/action/github-rest.ts';
import { unzipOne, ZipError } from '../../src/action/unzip.ts';
import { RunsService, zipOf } from './support/runs-service.ts';
import type { StoredRun, Zipped } from './support/runs-service.ts';

const TRIALS = Buffer.from('{"schema":"agent-jail/trials@1"}\n'.repeat(1000));
const GOOD: readonly Zipped[] = [
  { name: 'report.html', content: Buffer.from('<p>') },
  { name: 'trials.ndjson', content: TRIALS },
];

let directory = '';
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'agent-jail-baseline-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

describe('baselines by GitHub', () => {
  let github: RunsService;
  beforeEach(async () => {
    github = await RunsService.start();
  });
  afterEach(() => github[Symbol.asyncDispose]());

  const run = (id: number, more: Partial<StoredRun> = {}, files = GOOD): StoredRun => ({
    id,
    artifacts: [{ id: id * 10, name: 'suite', zip: zipOf(files) }],
    ...more,
  });
  const wish = (more: Partial<BaselineWish> = {}): BaselineWish => ({
    api: github.url,
    token: 'the-token',
    repository: 'octo/agent',
    workflow: 'nightly.yml',
    branch: null,
    run: '50',
    from: { last: 7 },
    artifact: 'suite',
    directory,
    backoff: [1, 1],
    ...more,
  });

  it('are the last good scheduled runs on the default branch, newest first, and not this one', async () => {
    github.runs.push(
      ...Array.from({ length: 9 }, (_, at) => run(41 + at)),
      run(50),
      run(60, { event: 'workflow_dispatch' }),
      run(61, { branch: 'topic' }),
      run(62, { conclusion: 'failure' }),
    );
    const { found, refused } = await fetchBaselines(wish());
    expect(refused).toEqual([]);
    expect(found.map(({ name }) => name)).toEqual([49, 48, 47, 46, 45, 44, 43].map((id) => `run ${id}`));
    for (const { path } of found) expect(readFileSync(path).equals(TRIALS)).toBe(true);
    expect(readdirSync(directory).filter((name) => !name.endsWith('.ndjson'))).toEqual([]);
    expect(statSync(found[0]?.path ?? '').mode & 0o777).toBe(0o600);
  });

  it('come from the store without the token, which GitHub alone is given', async () => {
    github.runs.push(run(41));
    await fetchBaselines(wish());
    expect(github.asked.filter(({ host }) => host === 'store').map(({ token }) => token)).toEqual([null]);
    expect(new Set(github.asked.filter(({ host }) => host === 'api').map(({ token }) => token))).toEqual(new Set(['Bearer the-token']));
  });

  it('are not of a fork, though its branch and event look right', async () => {
    github.runs.push(run(41, { head: 'mallory/agent' }), run(40));
    expect((await fetchBaselines(wish())).found.map(({ name }) => name)).toEqual(['run 40']);
  });

  it.each<[string, Partial<StoredRun>, RegExp]>([
    ['has no artifact of that name', { artifacts: [{ id: 1, name: 'other', zip: zipOf(GOOD) }] }, /^it has no artifact suite$/],
    ['lets it expire', { artifacts: [{ id: 1, name: 'suite', expired: true, zip: zipOf(GOOD) }] }, /^its artifact suite has expired$/],
    [
      'has one without trials',
      { artifacts: [{ id: 1, name: 'suite', zip: zipOf(GOOD.slice(0, 1)) }] },
      /cannot be read: trials\.ndjson is not in it$/,
    ],
    [
      'has one that is no zip',
      { artifacts: [{ id: 1, name: 'suite', zip: Buffer.from('no') }] },
      /cannot be read: End of central directory record signature not found/,
    ],
    [
      'has one with another digest',
      { artifacts: [{ id: 1, name: 'suite', digest: `sha256:${'0'.repeat(64)}`, zip: zipOf(GOOD) }] },
      /the SHA-256 differs$/,
    ],
  ])('when a run %s, go on with the next', async (_, more, why) => {
    github.runs.push(run(42, more), run(41));
    const { found, refused } = await fetchBaselines(wish({ from: { last: 1 } }));
    expect(found.map(({ name }) => name)).toEqual(['run 41']);
    expect(refused).toEqual([{ name: 'run 42', why: expect.stringMatching(why) as string }]);
    expect(readdirSync(directory)).toEqual(['41.ndjson']);
  });

  it('are of the newest attempt, with the digest that GitHub tells', async () => {
    const [old, zip] = [zipOf([{ name: 'trials.ndjson', content: Buffer.from('old') }]), zipOf(GOOD)];
    const digest = `sha256:${createHash('sha256').update(zip).digest('hex')}`;
    github.runs.push({
      id: 41,
      artifacts: [
        { id: 7, name: 'suite', digest, zip },
        { id: 6, name: 'suite', zip: old },
      ],
    });
    const { found } = await fetchBaselines(wish());
    expect(readFileSync(found[0]?.path ?? '').equals(TRIALS)).toBe(true);
  });

  it.each<[number, string, RegExp]>([
    [401, 'Bad credentials', /^GitHub answered 401: Bad credentials\. `github-token` is not valid$/],
    [403, 'Resource not accessible by integration', /^GitHub answered 403: .*permissions: actions: read`$/],
    [403, 'API rate limit exceeded', /^GitHub answered 403: API rate limit exceeded\. Try again later$/],
    [429, 'slow down', /^GitHub answered 429: slow down\. Try again later$/],
    [404, 'Not Found', /^GitHub answered 404: Not Found\. It is not there, or/],
  ])('are none where GitHub answers %i (%s), and the reason is told', async (status, message, why) => {
    github.runs.push(run(41));
    github.faults.push({ path: '/repos/octo/agent/actions/workflows', status, message });
    expect(await fetchBaselines(wish())).toEqual({ found: [], refused: [{ name: 'baseline', why: expect.stringMatching(why) as string }] });
  });

  it('are asked for again after a passing fault, and given up after three', async () => {
    github.runs.push(run(41));
    const fault = (status: number) => ({ path: '/repos/octo/agent/actions/artifacts', status, message: 'Server Error' });
    github.faults.push(fault(502), fault(0));
    expect((await fetchBaselines(wish())).found).toHaveLength(1);
    github.faults.push(fault(502), fault(502), fault(502));
    expect(await fetchBaselines(wish({ directory: mkdtempSync(join(directory, 'x')) }))).toEqual({
      found: [],
      refused: [{ name: 'run 41', why: 'GitHub answered 502: Server Error' }],
    });
  });

  it.each([
    ['ftp://127.0.0.1/x', /^GitHub sent the download to no usable address$/],
    ['file:///etc/passwd', /^GitHub sent the download to no usable address$/],
    ['nowhere', /^GitHub sent the download to no usable address$/],
    ['http://127.0.0.1:1/x', /^GitHub could not be asked: .*ECONNREFUSED/],
  ])('are not fetched from %s', async (place, why) => {
    github.elsewhere = place;
    github.runs.push(run(41));
    const { found, refused } = await fetchBaselines(wish());
    expect([found, refused[0]?.why]).toEqual([[], expect.stringMatching(why)]);
  });

  it('end where they are larger than allowed, also if GitHub said less', async () => {
    github.runs.push(run(41));
    const rest = new GitHubRest(github.url, 'the-token', []);
    await expect(rest.download('/repos/octo/agent/actions/artifacts/410/zip', join(directory, 'x'), 100)).rejects.toThrow(
      'the artifact is larger than 100 bytes',
    );
  });

  it('cost one night where they cannot be stored', async () => {
    github.runs.push(run(41));
    const gone = await fetchBaselines(wish({ directory: join(directory, 'gone') }));
    expect(gone).toEqual({ found: [], refused: [{ name: 'run 41', why: expect.stringMatching(/ENOENT/) as string }] });
  });

  it('are none on the first night, and none where nobody answers', async () => {
    expect((await fetchBaselines(wish())).refused).toEqual([
      { name: 'baseline', why: 'there is no earlier successful scheduled run of nightly.yml on main' },
    ]);
    const nobody = await fetchBaselines(wish({ api: 'http://127.0.0.1:1' }));
    expect(nobody).toEqual({
      found: [],
      refused: [{ name: 'baseline', why: expect.stringMatching(/^GitHub could not be asked: .*ECONNREFUSED/) as string }],
    });
  });

  it.each<[string, Partial<StoredRun>, RegExp | null]>([
    ['41', { event: 'workflow_dispatch', branch: 'topic' }, null],
    ['50', {}, /^run 50 is the current run itself$/],
    ['41', { conclusion: 'failure' }, /^run 41 did not end successfully$/],
    ['41', { event: 'pull_request' }, /^run 41 was made by the event pull_request$/],
    ['41', { head: 'mallory/agent' }, /^run 41 is about a commit of another repository$/],
    ['77', {}, /^GitHub answered 404/],
    ['../1', {}, /^"\.\.\/1" is not the number of a run$/],
  ])('may be one run by its number: %s %j', async (id, more, why) => {
    github.runs.push(run(41, more));
    const { found, refused } = await fetchBaselines(wish({ from: { run: id } }));
    expect([found.length, refused.length]).toEqual(why === null ? [1, 0] : [0, 1]);
    if (why !== null) expect(refused[0]?.why).toMatch(why);
  });
});

describe('one file of a zip', () => {
  const unzip = async (zip: Buffer, most = 1 << 20): Promise<number> => {
    writeFileSync(join(directory, 'a.zip'), zip);
    return await unzipOne(join(directory, 'a.zip'), 'trials.ndjson', join(directory, 'out'), most);
  };
  const one = (says: Zipped['says'] & object, stored = false): Buffer => zipOf([{ name: 'trials.ndjson', content: TRIALS, stored, says }]);

  it.each([
    ['deflated', zipOf(GOOD)],
    ['stored', zipOf([{ name: 'trials.ndjson', content: TRIALS, stored: true }])],
    ['before a comment', zipOf(GOOD, 'this is the end')],
  ])('%s, is written as it was', async (_, zip) => {
    expect(await unzip(zip)).toBe(TRIALS.length);
    expect(readFileSync(join(directory, 'out')).equals(TRIALS)).toBe(true);
  });

  it('of Python, is read', async () => {
    writeFileSync(join(directory, 'in'), TRIALS);
    const script =
      'import sys,zipfile\nz=zipfile.ZipFile(sys.argv[1],"w",zipfile.ZIP_DEFLATED)\nz.write(sys.argv[2],"d/trials.ndjson")\nz.write(sys.argv[2],"trials.ndjson")\nz.close()';
    execFileSync('python3', ['-c', script, join(directory, 'p.zip'), join(directory, 'in')]);
    expect(await unzip(readFileSync(join(directory, 'p.zip')))).toBe(TRIALS.length);
  });

  it('of more than 65,535, which is ZIP64, is read', async () => {
    const script =
      'import sys,zipfile\nz=zipfile.ZipFile(sys.argv[1],"w")\nfor i in range(66000): z.writestr("trials/%d" % i, b"")\nz.write(sys.argv[2],"trials.ndjson")\nz.close()';
    writeFileSync(join(directory, 'in'), TRIALS);
    execFileSync('python3', ['-c', script, join(directory, 'p.zip'), join(directory, 'in')]);
    expect(await unzip(readFileSync(join(directory, 'p.zip')))).toBe(TRIALS.length);
    expect(readFileSync(join(directory, 'out')).equals(TRIALS)).toBe(true);
  });

  it.each<[string, Buffer, RegExp]>([
    ['another name', zipOf([{ name: '../trials.ndjson', content: TRIALS }]), /^trials\.ndjson is not in it$/],
    ['twice', zipOf([...GOOD, ...GOOD]), /^trials\.ndjson is in it twice$/],
    ['larger than allowed', one({ size: 2 << 20 }), /^trials\.ndjson is larger than 1048576 bytes$/],
    ['larger than it says', one({ size: 10 }), /^too many bytes in the stream/],
    ['smaller than it says', one({ size: TRIALS.length + 1 }), /^not enough bytes in the stream/],
    ['of another sum', one({ crc: 1 }), /^trials\.ndjson has another checksum than the list says$/],
    [
      'no deflate',
      zipOf([{ name: 'trials.ndjson', content: TRIALS, stored: true, says: { method: 8 } }]),
      /^(?:invalid|incorrect|unknown) /,
    ],
    ['cut short', one({ packed: 20 }), /^unexpected end of file$/],
    ['encrypted', one({ flags: 1 }), /^entry is encrypted/],
    ['packed by LZMA', one({ method: 14 }), /^unsupported compression method: 14$/],
    ['elsewhere', one({ header: 5 }), /^invalid local file header signature/],
    ['beyond the list', one({ packed: 1 << 20 }), /^file data overflows file bounds/],
    ['beyond 4 GiB, it says', one({ packed: 0xffffffff }), /^file data overflows file bounds/],
    ['before a comment that looks like an end', zipOf(GOOD, 'PK\u0005\u0006 and some more of it, long enough'), /^Invalid comment length/],
    ['in half a zip', zipOf(GOOD).subarray(0, 200), /^End of central directory record signature not found/],
    ['in an empty file', Buffer.alloc(0), /^End of central directory record signature not found/],
  ])('%s, is refused', async (_, zip, why) => {
    const error: unknown = await unzip(zip).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ZipError);
    expect((error as ZipError).message).toMatch(why);
    expect(existsSync(join(directory, '..', 'trials.ndjson'))).toBe(false);
  });

  it('never throws anything else, whichever byte is wrong', async () => {
    const zip = zipOf([{ name: 'trials.ndjson', content: Buffer.from('some trials') }]);
    for (let at = 0; at < zip.length; at += 1) {
      const broken = Buffer.from(zip);
      broken[at] = (broken[at] ?? 0) ^ 0xff;
      rmSync(join(directory, 'out'), { force: true });
      const error: unknown = await unzip(broken).then(
        () => null,
        (thrown: unknown) => thrown,
      );
      if (error === null) expect(readFileSync(join(directory, 'out'), 'utf8')).toBe('some trials');
      else expect(error).toBeInstanceOf(ZipError);
    }
  });
});
