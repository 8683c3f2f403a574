/** A variable by which a setup action says where it installed something. */
export interface ToolchainVariable {
  readonly name: string | RegExp;
  /** `tree`: the directory becomes visible. `list`: colon-separated, entries that are visible anyway stay. `path`: stays if visible anyway. */
  readonly kind: 'tree' | 'list' | 'path';
  /** False: the jail sees the directory, but has the variable's place for itself. */
  readonly export: boolean;
}

const variables = (kind: ToolchainVariable['kind'], ...names: readonly (string | RegExp)[]): ToolchainVariable[] =>
  names.map((name) => ({ name, kind, export: true }));

/** The one table of variables that `toolchain: auto` brings. A value that is not visible in the jail is left out. */
export const TOOLCHAIN_VARIABLES: readonly ToolchainVariable[] = [
  { name: 'RUNNER_TOOL_CACHE', kind: 'tree', export: false },
  { name: 'AGENT_TOOLSDIRECTORY', kind: 'tree', export: false },
  ...variables('tree',
    /^JAVA_HOME(?:_\d+_[A-Z0-9]+)?$/, 'GRADLE_HOME', 'ANT_HOME', 'MAVEN_HOME', 'M2_HOME', 'LEIN_HOME', 'KOTLIN_HOME', 'SDKMAN_DIR',
    /^GOROOT(?:_\d+_\d+_[A-Z0-9]+)?$/, 'RUSTUP_HOME',
    'pythonLocation', /^Python[23]?_ROOT_DIR$/, 'PYENV_ROOT', 'VIRTUAL_ENV', 'CONDA', 'CONDA_PREFIX', 'UV_PYTHON_INSTALL_DIR', 'UV_TOOL_DIR', 'PIPX_HOME', 'PIPX_BIN_DIR',
    'NVM_DIR', 'VOLTA_HOME', 'PNPM_HOME', 'NODENV_ROOT', 'PLAYWRIGHT_BROWSERS_PATH', 'CHROMEWEBDRIVER', 'GECKOWEBDRIVER', 'EDGEWEBDRIVER',
    'RBENV_ROOT', 'GOENV_ROOT', 'ASDF_DIR', 'ASDF_DATA_DIR', 'MISE_DATA_DIR', 'HOMEBREW_PREFIX', 'HOMEBREW_CELLAR', 'HOMEBREW_REPOSITORY',
    'DOTNET_ROOT', 'ANDROID_HOME', 'ANDROID_SDK_ROOT', /^ANDROID_NDK(?:_HOME|_ROOT|_LATEST_HOME)?$/, 'SWIFT_PATH', 'VCPKG_INSTALLATION_ROOT', 'GHCUP_INSTALL_BASE_PREFIX',
  ),
  ...variables('list', 'LD_LIBRARY_PATH', 'PKG_CONFIG_PATH', 'CMAKE_PREFIX_PATH', 'CPATH', 'LIBRARY_PATH', 'MANPATH', 'XDG_DATA_DIRS'),
  ...variables('path',
    'CHROME_BIN', 'LEIN_JAR', 'SELENIUM_JAR_PATH', 'PUPPETEER_EXECUTABLE_PATH',
    'SSL_CERT_FILE', 'SSL_CERT_DIR', 'NODE_EXTRA_CA_CERTS', 'REQUESTS_CA_BUNDLE', 'CURL_CA_BUNDLE', 'GIT_SSL_CAINFO', 'PIP_CERT', 'AWS_CA_BUNDLE',
  ),
]; // biome-ignore format: a table

/** A directory on PATH whose programs need more than that directory. */
export interface ToolDirectory {
  /** Last or middle part of a PATH entry. */
  readonly under: string;
  /** What else is shown, relative to the directory that `under` lies in. */
  readonly show: readonly string[];
  /** Variables that tell the programs where that is, now that HOME is another. */
  readonly env?: Readonly<Record<string, string>>;
}
export const TOOL_DIRECTORIES: readonly ToolDirectory[] = [
  { under: '.cargo/bin', show: ['.rustup'], env: { RUSTUP_HOME: '.rustup' } }, // each program is rustup, which looks for the real one
  { under: '.pyenv', show: ['.pyenv'], env: { PYENV_ROOT: '.pyenv' } },
  { under: '.rbenv', show: ['.rbenv'], env: { RBENV_ROOT: '.rbenv' } },
  { under: '.nodenv', show: ['.nodenv'], env: { NODENV_ROOT: '.nodenv' } },
  { under: '.goenv', show: ['.goenv'], env: { GOENV_ROOT: '.goenv' } },
  { under: '.asdf', show: ['.asdf'], env: { ASDF_DATA_DIR: '.asdf' } },
  { under: '.nvm', show: ['.nvm'], env: { NVM_DIR: '.nvm' } },
  { under: '.volta', show: ['.volta'], env: { VOLTA_HOME: '.volta' } },
  { under: '.sdkman', show: ['.sdkman'], env: { SDKMAN_DIR: '.sdkman' } },
  { under: '.local/share/mise', show: ['.local/share/mise'], env: { MISE_DATA_DIR: '.local/share/mise' } },
  { under: '.local/bin', show: ['.local/share/pipx/venvs', '.local/pipx/venvs', '.local/share/uv/tools', '.local/share/uv/python', '.local/share/claude/versions'] },
  { under: '.dotnet', show: ['.dotnet'], env: { DOTNET_ROOT: '.dotnet' } },
  { under: '.bun/bin', show: ['.bun/install/global'] },
  { under: '.ghcup', show: ['.ghcup'] },
  { under: '.opam', show: ['.opam'] },
  { under: '.linuxbrew', show: ['.linuxbrew'] },
  { under: '.composer/vendor/bin', show: ['.composer/vendor'] },
  { under: '.config/composer/vendor/bin', show: ['.config/composer/vendor'] },
  { under: 'node_modules/.bin', show: ['node_modules'] },
]; // biome-ignore format: a table

/** A file or directory beside `bin` that tells what kind of installation it is, and what of that is shown. */
export const INSTALLATIONS: readonly { readonly marker: string; readonly show: string }[] = [
  { marker: 'pyvenv.cfg', show: '' },
  { marker: 'conda-meta', show: '' },
  { marker: 'lib/node_modules', show: 'lib/node_modules' },
];
