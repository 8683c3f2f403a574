import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { AgentName } from '../../src/model/trajectory.ts';
import { exec, failure } from '../../src/system/exec.ts';
import { NODE, REPOSITORY } from './jail.ts';

/** Agents that are installed together: what `package.json` and its lockfile in a directory of the tests list. */
export interface Shelf {
  readonly listed: string;
  /** Some hundred megabytes, which only tests of agents need. */
  readonly installed: string;
}
const shelf = (name: string): Shelf => ({
  listed: join(REPOSITORY, 'test/agents', name),
  installed: join(REPOSITORY, 'node_modules/.cache/agent-jail-agents', name),
});
/** Small, and free software. */
const FREE = shelf('free');
/** Large programs, one of them proprietary: they are installed by `npm run test:agents` alone. */
const LARGE = shelf('large');
/** They want a newer Node than a machine may have. */
const NODE_DIRECTORY = dirname(NODE);

export interface Agent {
  readonly name: AgentName;
  readonly shelf: Shelf;
  readonly package: string;
  /** Of its package; `node`: what runs it. */
  readonly program: string;
  readonly node: boolean;
  /** What it says of its version. */
  version(pinned: string): string;
  readonly host: string;
  /** Variable and header in which it has its key. */
  readonly key: string;
  readonly header: string;
  userAgent(pinned: string): RegExp;
  /** Where it keeps its log, as a trajectory says where it was found. */
  readonly home: RegExp;
  /** Under which name its tool that runs a command takes it. */
  readonly asked: string;
  /** US dollars that it says the scripted answers cost; null: it says nothing. */
  readonly cost: number | null;
  /** How it can ask its model. */
  readonly schemes: readonly ('http' | 'https')[];
  /** A script for `sh` that has it do a task. `base`: scheme and host of its model. */
  task(base: string): string;
}

const PROMPT = 'Write the proof file';
const settings = (file: string, value: object): string =>
  `mkdir -p "$HOME/${dirname(file)}" && printf %s '${JSON.stringify(value)}' > "$HOME/${file}"`;

export const AGENTS: readonly Agent[] = [
  {
    name: 'pi',
    shelf: FREE,
    node: true,
    version: (pinned) => pinned,
    package: '@mariozechner/pi-coding-agent',
    program: 'dist/cli.js',
    host: 'api.openai.com',
    key: 'OPENAI_API_KEY',
    header: 'authorization',
    userAgent: () => /^OpenAI\/JS |^pi/,
    home: /^stdout, ~\/\.pi\/.*\.jsonl$/,
    asked: 'command',
    cost: 0,
    schemes: ['http', 'https'],
    task(base) {
      const scripted = { baseUrl: `${base}/v1`, api: 'openai-completions', apiKey: this.key, models: [{ id: 'scripted' }] };
      const configured = settings('.pi/agent/models.json', { providers: { scripted } });
      return `${configured} && PI_OFFLINE=1 ${command(this)} --provider scripted --model scripted --mode json -p '${PROMPT}'`;
    },
  },
  {
    name: 'gemini',
    shelf: FREE,
    node: true,
    version: (pinned) => pinned,
    package: '@google/gemini-cli',
    program: 'bundle/gemini.js',
    host: 'generativelanguage.googleapis.com',
    key: 'GEMINI_API_KEY',
    header: 'x-goog-api-key',
    userAgent: (pinned) => new RegExp(`^GeminiCLI[^ ]*/${pinned.replaceAll('.', '\\.')}[/ ]`),
    home: /^stdout, ~\/\.gemini\/.*\.jsonl$/,
    asked: 'command',
    cost: null,
    schemes: ['http', 'https'],
    task(base) {
      const configured = settings('.gemini/settings.json', {
        security: { auth: { selectedType: 'gemini-api-key' } },
        privacy: { usageStatisticsEnabled: false },
        general: { disableAutoUpdate: true, disableUpdateNag: true },
      });
      // It would start itself anew, to have more memory.
      const env = `GOOGLE_GEMINI_BASE_URL='${base}' GEMINI_CLI_TRUST_WORKSPACE=true GEMINI_CLI_NO_RELAUNCH=true`;
      return `${configured} && ${env} ${command(this)} --yolo --output-format stream-json -m gemini-2.5-flash -p '${PROMPT}'`;
    },
  },
  {
    name: 'claude-code',
    shelf: LARGE,
    node: false,
    version: (pinned) => `${pinned} (Claude Code)`,
    package: '@anthropic-ai/claude-code-linux-x64',
    program: 'claude',
    host: 'api.anthropic.com',
    key: 'ANTHROPIC_API_KEY',
    header: 'x-api-key',
    userAgent: (pinned) => new RegExp(`^claude-(?:cli|code)/${pinned.replaceAll('.', '\\.')}(?: |$)`),
    home: /^stdout, ~\/\.claude\/projects\/.*\.jsonl$/,
    asked: 'command',
    cost: 0.0112,
    schemes: ['http', 'https'],
    task(base) {
      const env = `ANTHROPIC_BASE_URL='${base}' CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC=1 DISABLE_AUTOUPDATER=1`;
      return `${env} ${command(this)} -p '${PROMPT}' --dangerously-skip-permissions --output-format stream-json --verbose --max-turns 5`;
    },
  },
  {
    name: 'codex',
    shelf: LARGE,
    node: false,
    version: (pinned) => `codex-cli ${pinned}`,
    package: '@openai/codex',
    program: '../codex-linux-x64/vendor/x86_64-unknown-linux-musl/bin/codex',
    host: 'api.openai.com',
    key: 'OPENAI_API_KEY',
    header: 'authorization',
    userAgent: (pinned) => new RegExp(`^codex_exec/${pinned.replaceAll('.', '\\.')} `),
    home: /^stdout, ~\/\.codex\/sessions\/.*\.jsonl$/,
    asked: 'cmd',
    cost: null,
    schemes: ['http', 'https'],
    task(base) {
      const provider = `{name="scripted",base_url="${base}/v1",env_key="${this.key}",wire_api="responses"}`;
      const options = `--json --skip-git-repo-check --dangerously-bypass-approvals-and-sandbox -m scripted`;
      return `${command(this)} exec ${options} -c model_provider=scripted -c 'model_providers.scripted=${provider}' '${PROMPT}'`;
    },
  },
  {
    name: 'opencode',
    shelf: LARGE,
    node: false,
    version: (pinned) => pinned,
    package: 'opencode-linux-x64',
    program: 'bin/opencode',
    host: 'api.openai.com',
    key: 'OPENAI_API_KEY',
    header: 'authorization',
    userAgent: (pinned) => new RegExp(`opencode/${pinned.replaceAll('.', '\\.')}|ai-sdk`),
    home: /^stdout, ~\/\.local\/share\/opencode\/.*\.db$/,
    asked: 'command',
    cost: 0,
    schemes: ['http', 'https'],
    task(base) {
      const options = { baseURL: `${base}/v1`, apiKey: `{env:${this.key}}` };
      const scripted = { npm: '@ai-sdk/openai-compatible', name: 'scripted', options, models: { scripted: { name: 'scripted' } } };
      // A title for the session would be asked for beside the task.
      const configured = settings('.config/opencode/opencode.json', {
        provider: { scripted },
        agent: { title: { disable: true } },
        autoupdate: false,
      });
      const env =
        'OPENCODE_DISABLE_MODELS_FETCH=1 OPENCODE_DISABLE_AUTOUPDATE=1 OPENCODE_DISABLE_LSP_DOWNLOAD=1 OPENCODE_DISABLE_DEFAULT_PLUGINS=1';
      return `${configured} && ${env} ${command(this)} run --format json --auto -m scripted/scripted '${PROMPT}'`;
    },
  },
];

export const SMALL = AGENTS.filter((agent) => agent.shelf === FREE);
export const BIG = AGENTS.filter((agent) => agent.shelf === LARGE);

/** What a jail has to see to run it. */
export const mounts = ({ shelf: { installed } }: Agent): readonly string[] => [installed, NODE_DIRECTORY];

/** How a shell starts it. */
export function command({ shelf: { installed }, package: name, program, node }: Agent): string {
  return `${node ? `'${NODE}' ` : ''}'${join(installed, 'node_modules', name, program)}'`;
}

/** The version that the lockfile pins. */
export function pinned({ shelf: { listed }, package: name }: Agent): string {
  const { packages } = JSON.parse(readFileSync(join(listed, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { version: string }>;
  };
  return packages[`node_modules/${name}`]?.version ?? '';
}

/** Installs what the lockfiles list, without running any script of a package; nothing to do where it was installed before. */
export async function installAgents(agents: readonly Agent[]): Promise<void> {
  for (const wanted of new Set(agents.map((agent) => agent.shelf))) await install(wanted);
}

async function install({ listed, installed }: Shelf): Promise<void> {
  const digest = createHash('sha256')
    .update(readFileSync(join(listed, 'package-lock.json')))
    .digest('hex');
  const marker = join(installed, 'installed');
  if (existsSync(marker) && readFileSync(marker, 'utf8') === digest) return;
  mkdirSync(installed, { recursive: true });
  for (const file of ['package.json', 'package-lock.json']) copyFileSync(join(listed, file), join(installed, file));
  const argv = ['npm', 'ci', '--ignore-scripts', '--no-audit', '--no-fund'] as const;
  const env = Object.fromEntries(Object.entries(process.env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
  const done = await exec(argv, { cwd: installed, timeout: 600_000, env });
  if (done.code !== 0) throw new Error(`the agents could not be installed: ${failure(argv, done)}`);
  writeFileSync(marker, digest);
}
