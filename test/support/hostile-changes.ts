/** Code of an agent's that leaves a trace, should it ever run. */
export type Trace = (what: string) => string;

export interface HostileChange {
  readonly name: string;
  /** Shell text that makes it, in the workspace. */
  readonly script: (trace: Trace) => string;
  /** Globs of exactly what it makes. */
  readonly paths: string;
}

/** What an agent leaves so that it acts when it is applied, or later. Each alone is enough for nothing at all to arrive. */
export const HOSTILE_CHANGES: readonly HostileChange[] = [
  { name: 'an absolute link', script: () => 'ln -s /somewhere/else out', paths: 'out' },
  { name: 'a link out', script: () => 'ln -s ../../../../etc src/out', paths: 'src/out' },
  { name: 'a link to git’s own', script: () => 'ln -s .git/hooks hooks', paths: 'hooks' },
  {
    name: 'git’s own in another case',
    script: (trace) => `mkdir -p .GIT/hooks; echo '${trace('case')}' > .GIT/hooks/post-checkout`,
    paths: '.GIT/**',
  },
  { name: 'git’s own as a short name', script: () => 'mkdir git~1; echo x > git~1/config', paths: 'git~1/**' },
  {
    name: 'git’s own with invisible characters',
    script: () => 'd=$(printf ".g\\342\\200\\214it"); mkdir "$d"; echo x > "$d/config"',
    paths: '.g\u200cit/**',
  },
  { name: 'a FIFO', script: () => 'mkfifo pipe', paths: 'pipe' },
  {
    name: 'a bare repository',
    script: (trace) => `mkdir x; git init --quiet --bare x; touch x/objects/x x/refs/x; git -C x config core.fsmonitor '${trace('bare')}'`,
    paths: 'x/**',
  },
  {
    name: 'a worktree of another repository',
    script: () => 'mkdir y; echo "ref: refs/heads/x" > y/HEAD; echo ../.. > y/commondir; echo x > y/config',
    paths: 'y/**',
  },
  {
    name: 'attributes that call for programs',
    script: () => 'echo "* filter=x diff=x merge=x" > .gitattributes',
    paths: '.gitattributes',
  },
  { name: 'attributes as a link', script: () => 'mkdir z; ln -s ../a.txt z/.gitattributes', paths: 'z/.gitattributes' },
  {
    name: 'modules',
    script: (trace) =>
      `printf '[submodule "x"]\\n\\tpath = x\\n\\turl = ext::${trace('module')}\\n\\tupdate = !${trace('update')}\\n' > .gitmodules`,
    paths: '.gitmodules',
  },
  {
    name: 'scripts of npm',
    script: (trace) => `echo '{"name":"p","version":"1.0.0","scripts":{"preinstall":"${trace('npm')}"}}' > package.json`,
    paths: 'package.json',
  },
  {
    name: 'settings of npm',
    script: () => 'echo "script-shell=./evil.sh" > .npmrc; echo "ignore-scripts=false" >> .npmrc',
    paths: '.npmrc',
  },
  {
    name: 'a build of npm',
    script: (trace) =>
      `echo '{"targets":[{"target_name":"x","actions":[{"action_name":"x","inputs":[],"outputs":["x"],"action":["sh","-c","${trace('gyp')}"]}]}]}' > binding.gyp`,
    paths: 'binding.gyp',
  },
  {
    name: 'a workflow',
    script: () => 'mkdir -p .github/workflows; echo "on: push" > .github/workflows/x.yml',
    paths: '.github/workflows/x.yml',
  },
];
