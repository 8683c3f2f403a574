// Shows what a jail does: a script that stands for an agent, what it tried, and what came of it. Usage: npm run demo
// Runs on the Node that is there; the product runs on the project's own.
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { cpSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { setup } from './setup.mjs';

const root = resolve(fileURLToPath(import.meta.url), '../..');
const started = Date.now();

setup('demo');
const place = mkdtempSync(join(tmpdir(), 'agent-jail-demo-'));
try {
  demo(join(place, 'project'), join(place, 'home'));
} finally {
  rmSync(place, { recursive: true, force: true });
}

function demo(project, home) {
  const secrets = { key: `demo-key-${randomBytes(16).toString('hex')}`, token: `demo-token-${randomBytes(16).toString('hex')}` };
  const nonce = randomBytes(8).toString('hex');
  const environment = {
    PATH: process.env.PATH,
    HOME: home,
    LANG: 'C.UTF-8',
    SECRET_TOKEN: secrets.token,
    DEMO_NONCE: nonce,
    DEMO_HOME: home,
  };
  makeProject(project, environment);
  makeHome(home, secrets.key);
  const outside = spawnSync('sh', ['-c', 'cat "$DEMO_HOME/.ssh/id_ed25519"; env | grep TOKEN'], {
    env: environment,
    encoding: 'utf8',
  }).stdout;
  const before = fingerprint(project);

  const record = join(root, '.agent-jail', `demo-${new Date(started).toISOString().replace(/[:.]/g, '-')}`);
  const node = process.versions.node.startsWith('24.') ? process.execPath : join(root, 'node_modules/.bin/node');
  const cli = (...args) => spawnSync(node, [join(root, 'dist/cli.js'), ...args], { cwd: project, env: environment, encoding: 'utf8' });
  console.log(`\nagent-jail run --policy policy.yml -- sh agent.sh      (in a copy of examples/demo)\n`);
  const run = cli('run', '--policy', 'policy.yml', '--out', record, '--', 'sh', 'agent.sh');
  console.log(`${run.stdout}${run.stderr}`.replace(/^/gm, '  | '));

  const read = (name) => readFileSync(join(record, name), 'utf8');
  const lines = (name) =>
    read(name)
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
  const everything = () =>
    readdirSync(record).map((name) =>
      (name.endsWith('.gz') ? gunzipSync(readFileSync(join(record, name))) : read(name)).toString('latin1'),
    );
  const denied = (what) => lines('network.ndjson').some((line) => line.verdict === 'denied' && [line.name, line.address].includes(what));
  const changed = (path) => lines('changes.ndjson').some((line) => line.path === path);
  const inRecord = (text) => everything().some((content) => content.includes(text));
  const claims = {
    'The agent ran and the tests passed after its change': () =>
      read('transcript.log').includes(`(run ${nonce})`) && read('transcript.log').includes('agent: done') && changed('src/slug.sh'),
    'The private key: the same command prints it outside, the jail has no such file': () =>
      outside.includes(secrets.key) && !inRecord(secrets.key),
    'The token: in the environment outside, not in the jail': () => outside.includes(secrets.token) && !inRecord(secrets.token),
    'The password file: not in the jail': () => !/^root:[^:\n]*:\d/m.test(read('transcript.log')),
    'exfil.example: denied, and logged': () => denied('exfil.example'),
    '203.0.113.9, by address: denied, and logged': () => denied('203.0.113.9'),
    'The git hook: in the record only': () => changed('.git/hooks/pre-commit'),
    'The project on this machine: not a byte changed': () => fingerprint(project) === before,
    'The outcome: needs-review, because of the hook': () => run.status === 4 && JSON.parse(read('verdict.json')).outcome === 'needs-review',
    'The record: of this run, complete, and unchanged since': () =>
      timeOf(JSON.parse(read('run.json')).id) >= started && cli('verify', record).status === 0,
  };
  const broken = Object.entries(claims).filter(([text, holds]) => !report(text, holds));
  console.log(`
The record: ${relative(process.cwd(), record) || '.'}
  report.html     all of it, for a browser     changes.patch   what the agent changed
  transcript.log  what it printed              network.ndjson  what it tried to reach
`);
  if (broken.length > 0) {
    console.error(`${broken.length} of ${Object.keys(claims).length} claims do not hold.`);
    process.exitCode = 1;
  }
}

function report(text, holds) {
  let why = '';
  try {
    if (holds()) {
      console.log(`  yes  ${text}`);
      return true;
    }
  } catch (error) {
    why = ` (${error.message})`;
  }
  console.log(`  NO   ${text}${why}`);
  return false;
}

function makeProject(project, env) {
  cpSync(join(root, 'examples/demo'), project, { recursive: true });
  const git = (...args) => execFileSync('git', args, { cwd: project, env, stdio: ['ignore', 'ignore', 'inherit'] });
  git('init', '--quiet', '--initial-branch=main', '--template=');
  git('add', '.');
  git('-c', 'user.name=demo', '-c', 'user.email=demo@localhost', 'commit', '--quiet', '--message=A project with a bug');
}

function makeHome(home, key) {
  mkdirSync(join(home, '.ssh'), { recursive: true, mode: 0o700 });
  writeFileSync(join(home, '.ssh/id_ed25519'), `${key}\n`, { mode: 0o600 });
}

/** SHA-256 over every path, mode and content below a directory. */
function fingerprint(directory) {
  const hash = createHash('sha256');
  const walk = (path) => {
    const stat = lstatSync(path);
    hash.update(`${relative(directory, path)}\0${stat.mode}\0`);
    if (stat.isDirectory()) for (const name of readdirSync(path).sort()) walk(join(path, name));
    else hash.update(stat.isSymbolicLink() ? readlinkSync(path) : readFileSync(path));
  };
  walk(directory);
  return hash.digest('hex');
}

/** Milliseconds since 1970 that a ULID begins with. */
function timeOf(ulid) {
  return Array.from(ulid.slice(0, 10)).reduce((time, digit) => time * 32 + '0123456789ABCDEFGHJKMNPQRSTVWXYZ'.indexOf(digit), 0);
}
