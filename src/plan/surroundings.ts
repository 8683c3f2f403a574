import { dirname, normalize } from 'node:path/posix';
import type { HostPath } from '../model/names.ts';
import type { Surroundings } from '../model/protocol.ts';
import { toolchainOf } from './toolchain.ts';
import { within } from './view.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Variables that name a file or directory which no step may read or write, though a layer might show it. */
const POINTERS: ReadonlySet<string> = new Set([
  // files by which the runner is told what later steps do, and what the job is about
  'GITHUB_ENV', 'GITHUB_PATH', 'GITHUB_OUTPUT', 'GITHUB_STATE', 'GITHUB_STEP_SUMMARY', 'GITHUB_ARTIFACTS', 'GITHUB_ARTIFACTS_LIST', 'GITHUB_EVENT_PATH',
  // credentials; the login actions of the clouds put theirs into the workspace
  'GOOGLE_APPLICATION_CREDENTIALS', 'GOOGLE_GHA_CREDS_PATH', 'CLOUDSDK_AUTH_CREDENTIAL_FILE_OVERRIDE', 'CLOUDSDK_CONFIG',
  'AWS_SHARED_CREDENTIALS_FILE', 'AWS_CONFIG_FILE', 'AZURE_CONFIG_DIR', 'KUBECONFIG', 'DOCKER_CONFIG', 'REGISTRY_AUTH_FILE',
  'NETRC', 'NPM_CONFIG_USERCONFIG', 'npm_config_userconfig', 'PIP_CONFIG_FILE', 'TF_CLI_CONFIG_FILE', 'GH_CONFIG_DIR', 'GIT_CONFIG_GLOBAL',
  'GIT_ASKPASS', 'SSH_ASKPASS', 'SSH_AUTH_SOCK', 'GNUPGHOME', 'GPG_AGENT_INFO', 'VAULT_TOKEN_PATH',
]); // biome-ignore format: a table
/** Anything else that is called a file with a secret. */
const POINTER = /(?:TOKEN|CREDENTIALS?|SECRETS?|PASSWORD|PASSPHRASE|PRIVATE_KEY)_(?:FILE|PATH)$/i;

/** Runner directories and files beside its work folder, where that lies in the runner's own (the default on one's own machine). */
const RUNNER_PARTS = [
  'bin', 'externals', '_diag', '.runner', '.credentials', '.credentials_rsaparams', '.service', '.env', '.path', '.setup_info',
  'config.sh', 'env.sh', 'run.sh', 'run-helper.sh', 'safe_sleep.sh', 'svc.sh',
]; // biome-ignore format: a table

/** Pure: what main's environment says of the machine. `node`: absolute path of the running node, which is the runner's own. */
export function surroundingsOf(env: Environment, home: string, node: string): Surroundings {
  const temp = absolute(env['RUNNER_TEMP']);
  // The runner makes its temp, `_actions` and `_PipelineMapping` side by side in its work folder.
  const work = temp === null ? null : dirname(temp);
  const forbidden = [
    temp,
    ...(work === null || work === '/' ? [] : [`${work}/_actions`, `${work}/_PipelineMapping`]),
    actions(env),
    ...runner(node, work),
  ];
  const hidden = Object.entries(env).flatMap(
    ([name, value]) => (POINTERS.has(name) || POINTER.test(name) ? (value ?? '').split(':').map(absolute) : []), // KUBECONFIG is a list
  );
  return {
    path: (env['PATH'] ?? '').split(':'),
    home: home as HostPath,
    toolchain: toolchainOf(env),
    forbidden: unique(forbidden),
    hidden: unique(hidden),
  };
}

/** The directory of downloaded actions that this one lies in. */
function actions(env: Environment): string | null {
  const own = absolute(env['GITHUB_ACTION_PATH']) ?? '';
  const at = `${own}/`.indexOf('/_actions/');
  return at === -1 ? null : own.slice(0, at + '/_actions'.length);
}

/** Actions run by `<runner>/externals/node<N>/bin/node`. */
function runner(node: string, work: string | null): string[] {
  const root = /^(\/.+)\/externals\/node\d+(?:_alpine)?\/bin\/node$/.exec(node)?.[1];
  if (root === undefined) return [];
  return work !== null && within(work, root) ? RUNNER_PARTS.map((part) => `${root}/${part}`) : [root];
}

/** Normalised, or null where it is no absolute path, or the root. */
function absolute(value: string | undefined): HostPath | null {
  if (value === undefined || !value.startsWith('/') || value.includes('\0')) return null;
  const path = normalize(value).replace(/\/+$/, '');
  return path === '' ? null : (path as HostPath);
}
const unique = (paths: readonly (string | null)[]): HostPath[] => [...new Set(paths.filter((path) => path !== null))] as HostPath[];
