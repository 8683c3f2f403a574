/** Every environment variable that the action reads, and why. Nothing else in `src/action` looks into the environment. */
export const VARIABLES = {
  GITHUB_WORKSPACE: 'the workspace that the jail sees',
  GITHUB_EVENT_NAME: 'where the policy comes from; which pull request gets the comment',
  GITHUB_EVENT_PATH: 'where the policy comes from: base and head of the event; which pull request gets the comment',
  GITHUB_SHA: 'where the policy comes from: the commit of the event',
  GITHUB_REF: 'where the policy comes from: named in the record',
  GITHUB_STEP_SUMMARY: 'whether the runner takes a summary',
  GITHUB_SERVER_URL: 'address of the artifact',
  GITHUB_REPOSITORY: 'address of the artifact',
  GITHUB_RUN_ID: 'address of the artifact',
  GITHUB_RUN_ATTEMPT: 'whose comment on a pull request it is; address of the run',
  GITHUB_WORKFLOW: 'whose comment on a pull request it is',
  GITHUB_JOB: 'whose comment on a pull request it is',
  GITHUB_ACTION: 'whose comment on a pull request it is: which step of the job',
  GITHUB_GRAPHQL_URL: 'where comments on pull requests are written',
  GITHUB_API_URL: 'where earlier results are asked for',
  GITHUB_WORKFLOW_REF: 'whose earlier results are asked for',
  RUNNER_TEMP: 'the record is kept below it',
} as const;
export type Variable = keyof typeof VARIABLES;
export type Environment = Readonly<Record<string, string | undefined>>;

/** The value, or '' where it is not set. */
export function variable(env: Environment, name: Variable): string {
  return env[name] ?? '';
}

/** The runner's rule: `INPUT_`, blanks to underscores, upper case; hyphens stay. */
export function inputVariable(name: string): string {
  return `INPUT_${name.replaceAll(' ', '_').toUpperCase()}`;
}
