import { execFileSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { OUTPUTS } from '../../src/action/outputs.ts';
import { Runner, type StepResult } from '../action/support/runner.ts';
import { CLI, ENGINE, NODE, temporary } from '../support/jail.ts';
import type { Backend } from './host.ts';
import { type Judged, looked } from './judge.ts';
import { COMMANDS } from './runner-commands.ts';

const tagOf = (id: string): string => `INJECTED-${id}`;

/** A shell command that prints exactly these bytes. */
const print = (text: string): string =>
  `printf '%b' '${[...Buffer.from(text)].map((byte) => `\\0${byte.toString(8).padStart(3, '0')}`).join('')}'`;

const mentions = (value: unknown, id: string): boolean => JSON.stringify(value).includes(tagOf(id));

/** What of an injected value the runner took for more than text. */
function obeyed(result: StepResult, runner: Runner, id: string): string[] {
  return [
    ...result.commands
      .filter((command) => command.name !== 'group' && mentions(command, id))
      .map(({ name }) => `the runner obeyed ${name}`),
    ...result.raw
      .split(/\r\n|[\r\n\x0b\x0c\x85\u2028\u2029]/)
      .flatMap((line) =>
        line.includes(tagOf(id)) && acts(line) ? [`a reader that skips characters obeys ${JSON.stringify(line.slice(0, 60))}`] : [],
      ),
    ...(mentions(result.outputs, id) ? ['it is in an output'] : []),
    ...(mentions(result.state, id) ? ['it is in the state'] : []),
    ...(mentions(result.leaked, id) ? ['it is in the environment of later steps'] : []),
    ...(mentions(runner.masks, id) ? ['it is a mask'] : []),
  ];
}

/** The runner compares text as .NET does, which skips what has no glyph. */
function acts(line: string): boolean {
  const visible = line.replace(/(?!\t)[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]/gu, '').trim();
  return (visible.startsWith('::') && !visible.startsWith('::group::')) || visible.includes('##[');
}

/** E1: agent output, with `log: full` and `log: summary`, is text. */
async function commands(runner: Runner, backend: Backend, log: string): Promise<Judged[]> {
  const lines = Object.entries(COMMANDS).flatMap(([id, all]) => all.map((line) => print(`${line.replaceAll('%', tagOf(id))}\n`)));
  const split = [
    '::err',
    `or::${tagOf('E1-split')}\n`,
    ':',
    `:error::${tagOf('E1-split')}\n`,
    '#',
    `#[error]${tagOf('E1-split')}\n`,
    'x\r',
    `::error::${tagOf('E1-split')}\n`,
  ];
  const script = [...lines, ...split.map((part) => `${print(part)}; sleep 0.15`), 'echo the-plain-canary'].join('\n');
  const result = await runner.step({ with: { backend, run: script, log, upload: 'never' } });
  const ran = result.code === 0 && result.log.some((line) => line.includes('the-plain-canary'));
  const foreign = result.foreign.map(({ name }) => `the runner obeyed ${name}`);
  return [...Object.keys(COMMANDS), 'E1-split'].map((id) => {
    // `log: summary` shows the last lines only.
    const shown = log === 'summary' || result.raw.includes(tagOf(id));
    return looked(`${id}-${log}`, ran && shown, [...obeyed(result, runner, id), ...foreign]);
  });
}

/** E1, E3, E5: names that an agent chooses reach notices, summary, outputs and state. */
async function names(runner: Runner, backend: Backend): Promise<Judged[]> {
  const id = 'E5-names';
  const tag = tagOf(id);
  const hostile = [
    `a\n::error::${tag}`, `b\r::set-env name=X::${tag}`, `c ##[error]${tag}`, `d\nghadelimiter_x\noutcome=${tag}`, `e%0A::error::${tag}`, `f|${tag}<script>alert(1)`,
    `g\`![x](beacon.invalid?${tag})`, `h\x1b[31m\x1b]52;c;eA==\x07${tag}`, `i\u202e\u200b${tag}`, `j<img src=x onerror=y>${tag}`, `outcome<<${tag}`,
  ]; // biome-ignore format: a table
  const script = [
    ...hostile.map((name) => `${print(name)} > .name; printf x > "$(cat .name; printf _)"`),
    `${print(`answer\n::error::${tag}\nghadelimiter_y\noutcome=${tag}\n\x1b[2J`)} > "$AGENT_JAIL_RESULT"`,
    'rm .name',
    `getent hosts '${tag}.invalid' || true`,
    'echo the-plain-canary',
  ].join('\n');
  const steps = `- name: names\n  run: |\n${script.replace(/^/gm, '    ')}\n`;
  const result = await runner.step({ with: { backend, steps, upload: 'never' } });
  const record = result.outputs['record'] ?? '';
  const ran = result.log.some((line) => line.includes('the-plain-canary')) && result.outputs['changed-files'] === String(hostile.length);
  const keys = Object.keys(result.outputs).filter((key) => !Object.hasOwn(OUTPUTS, key));
  const values = Object.entries(result.outputs)
    .filter(([, value]) => /[\r\n]/.test(value))
    .map(([key]) => `the output ${key} has several lines`);
  const why = `exit ${result.code}, ${result.outputs['changed-files']} changed: ${result.raw.slice(-500)}`;
  const summary = `${result.summary}\n${record === '' ? '' : readFileSync(join(record, 'summary.md'), 'utf8')}`;
  return [
    looked(id, ran, [...obeyed(result, runner, id), ...keys.map((key) => `there is an output ${key}`), ...values], why),
    looked(
      'E1-names',
      ran,
      result.commands
        .filter((command) => command.name === 'error' || result.foreign.includes(command))
        .map(({ name }) => `the runner obeyed ${name}`),
      why,
    ),
    looked('E3-summary', ran && summary.includes(tag), [...controls(summary), ...markup(summary)], `${why} ${summary.slice(0, 300)}`),
  ];
}

/** Characters that act on a terminal or turn text around. */
function controls(text: string): string[] {
  const wrong = new Set(text.match(/(?![\n\t])[\p{Cc}\p{Cf}\u2028\u2029]/gu) ?? []);
  return [...wrong].map((char) => `U+${(char.codePointAt(0) ?? 0).toString(16).padStart(4, '0')} is in it`);
}
/** Markup that is live: not escaped, not within a code span or block. */
function markup(text: string): string[] {
  const prose = text
    .replace(/^ {4}.*$/gm, '')
    .replace(/(`+)(?!`)[\s\S]*?[^`]\1(?!`)/g, '')
    .replace(/\\[\\`*_{}[\]()#+.!|<>&-]/g, '');
  return ['<script', '<img', '![x]('].filter((live) => prose.includes(live)).map((live) => `${live} is live`);
}

/** E2: the files by which a step tells the runner, by the paths that an agent could know. */
async function files(runner: Runner, backend: Backend): Promise<Judged[]> {
  const id = 'E2-files';
  const line = `X=${tagOf(id)}`;
  const script = [
    'set +e',
    'for name in GITHUB_ENV GITHUB_PATH GITHUB_OUTPUT GITHUB_STATE GITHUB_STEP_SUMMARY; do eval "file=\\${$name:-}"; [ -n "$file" ] && echo "$name is set"; done',
    `for directory in '${runner.temp}' '${runner.temp}/_runner_file_commands'; do mkdir -p "$directory" 2> /dev/null; ls -a "$directory" 2> /dev/null | grep -v '^\\.*$'; `,
    `for kind in set_env add_path set_output save_state step_summary; do for file in "$directory"/$kind* "$directory/\${kind}_1" "$directory/$kind"; do { echo '${line}' >> "$file"; } 2> /dev/null; done; done; done`,
    `for file in /github/file_commands/* /proc/1/root'${runner.temp}'/*/*; do { echo '${line}' >> "$file"; } 2> /dev/null; done`,
    `echo '${line}' > plain.txt; cat plain.txt; echo the-plain-canary`,
  ].join('\n');
  const result = await runner.step({ with: { backend, run: script, shell: 'sh', upload: 'never' } });
  const ran = result.log.includes('the-plain-canary') && result.log.includes(line);
  const written = readdirSync(runner.temp, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.parentPath.includes('agent-jail'))
    .filter((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8').includes(tagOf(id)))
    .map((entry) => `${entry.name} was written`);
  const told = result.log.filter(
    (text) => text.endsWith(' is set') || /^(set_env|add_path|set_output|save_state|step_summary|event)/.test(text),
  );
  return [
    looked(
      id,
      ran,
      [...written, ...obeyed(result, runner, id), ...(mentions(result.summary, id) ? ['it is in the summary'] : [])],
      result.raw.slice(-500),
    ),
    looked('E2-names', ran, told, result.raw.slice(-500)),
  ];
}

const ACTS =
  '\x1b[2J\x1b[H\x1b]0;title\x07\x1b]52;c;eA==\x07\x1b]8;;https://beacon.invalid\x07link\x1b]8;;\x07\x1b[6n\x1bP$q\x1b\\\x9b2J\u202ereversed\u200bzero\u{e0041}tag\x07\x08';

/** E3: what acts on a terminal, in the job's log and on the terminal of one who runs the command line. */
async function terminals(runner: Runner, backend: Backend): Promise<Judged[]> {
  const script = `${print(`${ACTS}\n`)}; echo the-plain-canary`;
  const result = await runner.step({ with: { backend, run: script, upload: 'never' } });
  using directory = temporary('aj-terminal-');
  writeFileSync(join(directory.path, 'script.sh'), script);
  // script(1) gives the command line a terminal of its own, and keeps what arrived there.
  const seen = execFileSync(
    'script',
    ['--quiet', '--return', '--echo', 'never', '--command', `'${NODE}' '${CLI}' run --backend ${backend} -- sh script.sh`, '/dev/null'],
    {
      cwd: directory.path,
      env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', HOME: '/nonexistent', TERM: 'xterm-256color', ...ENGINE },
      stdio: ['ignore', 'pipe', 'ignore'],
      encoding: 'utf8',
      timeout: 60_000,
    },
  );
  // Its own line of progress is cleared and rewritten; nothing else than that and colours may be left.
  const rest = seen
    .replaceAll('\r\x1b[K', '')
    .replace(/\x1b\[[0-9;]*m/g, '')
    .replaceAll('\r\n', '\n');
  return [
    looked('E3-log', result.log.includes('the-plain-canary'), controls(result.raw), result.raw.slice(-500)),
    looked('E3-terminal', seen.includes('the-plain-canary') && seen.includes('\r\x1b[K'), controls(rest), seen.slice(-500)),
  ];
}

/** E6: what a policy and a script say is not read a second time by anybody on the way. */
async function unchanged(runner: Runner, backend: Backend): Promise<Judged[]> {
  const odd = `\${{ github.token }} $(id) \`id\` $HOME ! "double" 'single' \\n %0A %s ::error::x \t{0} é \u{1f512} <<EOF &amp; #{x} ;|&`;
  const several = `first\n  ${odd}\n\nlast ${randomBytes(4).toString('hex')}`;
  const hash = (text: string): string => createHash('sha256').update(text).digest('hex');
  const script = `printf %s "$ODD" | sha256sum\nprintf %s "$SEVERAL" | sha256sum\ncat <<'THE-END' | sha256sum\n${several}\nTHE-END\n`;
  const policy = JSON.stringify({ version: 1, env: { ODD: odd, SEVERAL: several } });
  const result = await runner.step({ with: { backend, run: script, policy, upload: 'never' } });
  const steps = JSON.stringify([{ name: 'odd', run: script, env: { ODD: odd, SEVERAL: several } }]);
  const listed = await runner.step({ with: { backend, steps, upload: 'never' } });
  const wanted = [hash(odd), hash(several), hash(`${several}\n`)];
  return [['E6-inputs', result] as const, ['E6-steps', listed] as const].map(([id, { log, raw }]) => {
    const seen = log.flatMap((line) => /^([0-9a-f]{64}) {2}-$/.exec(line)?.[1] ?? []);
    return looked(
      id,
      seen.length === wanted.length,
      wanted.flatMap((sum, index) => (seen[index] === sum ? [] : [`text ${index + 1} arrived changed`])),
      raw.slice(-500),
    );
  });
}

/** Part E, by `dist/` as the runner starts it. */
export async function runnerProtocol(backend: Backend): Promise<Judged[]> {
  using runner = new Runner();
  Object.assign(runner.env, ENGINE);
  const all: Judged[] = [];
  for (const part of [
    () => commands(runner, backend, 'full'),
    () => commands(runner, backend, 'summary'),
    () => names(runner, backend),
    () => files(runner, backend),
    () => terminals(runner, backend),
    () => unchanged(runner, backend),
  ])
    all.push(...(await part()));
  return all;
}
