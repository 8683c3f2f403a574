import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { exec, failure } from '../../src/system/exec.ts';
import { NODE, REPOSITORY } from './jail.ts';

const LISTED = join(REPOSITORY, 'test/agents');
/** Where they are installed: some hundred megabytes, which only tests of agents need. */
export const AGENTS = join(REPOSITORY, 'node_modules/.cache/agent-jail-agents');
/** They want a newer Node than a machine may have. */
const NODE_DIRECTORY = dirname(NODE);
/** What a jail has to see to run them. */
export const MOUNTS = [AGENTS, NODE_DIRECTORY];

export interface Agent {
  readonly name: string;
  readonly package: string;
  /** Of its package. */
  readonly program: string;
  readonly host: string;
  /** Variable and header in which it has its key. */
  readonly key: string;
  readonly header: string;
  readonly userAgent: RegExp;
  /** A script for `sh` that has it do a task. `base`: scheme and host of its model. */
  task(base: string): string;
}

const PROMPT = 'Write the proof file';
const settings = (file: string, value: object): string =>
  `mkdir -p "$HOME/${dirname(file)}" && printf %s '${JSON.stringify(value)}' > "$HOME/${file}"`;

export const ALL: readonly Agent[] = [
  {
    name: 'pi',
    package: '@mariozechner/pi-coding-agent',
    program: 'dist/cli.js',
    host: 'api.openai.com',
    key: 'OPENAI_API_KEY',
    header: 'authorization',
    userAgent: /^OpenAI\/JS |^pi/,
    task(base) {
      const scripted = { baseUrl: `${base}/v1`, api: 'openai-completions', apiKey: this.key, models: [{ id: 'scripted' }] };
      const configured = settings('.pi/agent/models.json', { providers: { scripted } });
      return `${configured} && PI_OFFLINE=1 ${command(this)} --provider scripted --model scripted --mode json -p '${PROMPT}'`;
    },
  },
  {
    name: 'gemini',
    package: '@google/gemini-cli',
    program: 'bundle/gemini.js',
    host: 'generativelanguage.googleapis.com',
    key: 'GEMINI_API_KEY',
    header: 'x-goog-api-key',
    userAgent: /^GeminiCLI/,
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
];

/** How a shell starts it. */
export const command = ({ package: name, program }: Agent): string => `'${NODE}' '${join(AGENTS, 'node_modules', name, program)}'`;

/** The version that the lockfile pins. */
export function pinned({ package: name }: Agent): string {
  const { packages } = JSON.parse(readFileSync(join(LISTED, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { version: string }>;
  };
  return packages[`node_modules/${name}`]?.version ?? '';
}

/** Installs what the lockfile lists, without running any script of a package; nothing to do where it was installed before. */
export async function installAgents(): Promise<void> {
  const digest = createHash('sha256')
    .update(readFileSync(join(LISTED, 'package-lock.json')))
    .digest('hex');
  const marker = join(AGENTS, 'installed');
  if (existsSync(marker) && readFileSync(marker, 'utf8') === digest) return;
  mkdirSync(AGENTS, { recursive: true });
  for (const file of ['package.json', 'package-lock.json']) copyFileSync(join(LISTED, file), join(AGENTS, file));
  const argv = ['npm', 'ci', '--ignore-scripts', '--no-audit', '--no-fund'] as const;
  const env = Object.fromEntries(Object.entries(process.env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
  const installed = await exec(argv, { cwd: AGENTS, timeout: 600_000, env });
  if (installed.code !== 0) throw new Error(`the agents could not be installed: ${failure(argv, installed)}`);
  writeFileSync(marker, digest);
}
