/** What may be asked of a host of a preset; no methods: all of them. */
interface PresetHost {
  readonly host: string;
  readonly methods: readonly string[];
  readonly paths: readonly string[];
}
interface Preset {
  readonly hosts: readonly PresetHost[];
  /** Can also be written to by its own clients: what the agent reads can leave through it. */
  readonly writable: boolean;
}
const READ = ['GET', 'HEAD'];
const reading = (...hosts: readonly string[]): PresetHost[] => hosts.map((host) => ({ host, methods: READ, paths: [] }));
const everything = (...hosts: readonly string[]): PresetHost[] => hosts.map((host) => ({ host, methods: [], paths: [] }));

/**
 * What a single word in `network.allow` stands for: the hosts that the tool's own client talks to, and how. Methods and paths hold where the
 * gateway sees them, which is not in TLS; a preset that only reads may carry what is written all the same (`TAKES_UPLOADS`).
 */
const PRESETS: Readonly<Record<string, Preset>> = {
  npm: {
    hosts: [
      ...reading('registry.npmjs.org'),
      { host: 'registry.npmjs.org', methods: ['POST'], paths: ['/-/npm/v1/security/*'] }, // npm audit
    ],
    writable: true,
  },
  pypi: { hosts: reading('pypi.org', 'files.pythonhosted.org'), writable: false },
  github: {
    hosts: [
      ...everything('github.com', 'api.github.com'), // git fetches by POST
      ...reading(
        'codeload.github.com',
        'raw.githubusercontent.com',
        'objects.githubusercontent.com',
        'release-assets.githubusercontent.com',
      ),
    ],
    writable: true,
  },
  debian: { hosts: reading('deb.debian.org', 'security.debian.org'), writable: false },
  ubuntu: {
    hosts: reading('archive.ubuntu.com', 'security.ubuntu.com', 'ports.ubuntu.com', 'azure.archive.ubuntu.com'),
    writable: false,
  },
  crates: { hosts: reading('crates.io', 'index.crates.io', 'static.crates.io'), writable: true },
  go: { hosts: reading('proxy.golang.org', 'sum.golang.org', 'storage.googleapis.com'), writable: true },
  anthropic: { hosts: everything('api.anthropic.com'), writable: true },
  openai: { hosts: everything('api.openai.com'), writable: true },
  'google-ai': { hosts: everything('generativelanguage.googleapis.com'), writable: true },
};

export const PRESET_NAMES: readonly string[] = Object.keys(PRESETS);

/** The hosts of a preset; null: there is none of this name. */
export function presetHosts(name: string): readonly string[] | null {
  const hosts = Object.hasOwn(PRESETS, name) ? PRESETS[name]?.hosts : undefined;
  return hosts === undefined ? null : [...new Set(hosts.map(({ host }) => host))];
}

/** The same, with what may be asked of each. */
export function presetRules(name: string): readonly { pattern: string; methods: readonly string[]; paths: readonly string[] }[] | null {
  const hosts = Object.hasOwn(PRESETS, name) ? PRESETS[name]?.hosts : undefined;
  return hosts?.map(({ host, methods, paths }) => ({ pattern: host, methods, paths })) ?? null;
}

/** Whether what the agent reads can leave through a preset's hosts. */
export const presetWritable = (name: string): boolean => Object.hasOwn(PRESETS, name) && PRESETS[name]?.writable === true;
