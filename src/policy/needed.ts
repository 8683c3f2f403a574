import { stringify } from 'yaml';
import { covers } from '../model/hosts.ts';
import type { NetworkLine } from '../model/gateway.ts';
import { parseHosts } from './hosts.ts';
import { PRESET_NAMES, presetHosts } from './presets.ts';

type Reached = Pick<NetworkLine, 'kind' | 'name' | 'address' | 'port' | 'verdict' | 'step' | 'reason'>;
const USUAL = [80, 443];

/** Ports by host. */
export class Needed {
  readonly #agent = new Map<string, Set<number>>();
  readonly #setup = new Map<string, Set<number>>();
  readonly #denied = new Set<string>();
  readonly #isSetup: (step: number) => boolean;

  constructor(isSetup: (step: number) => boolean) {
    this.#isSetup = isSetup;
  }
  /** Services are not hosts; a question alone reaches nothing. */
  take({ kind, name, address, port, verdict, step, reason }: Reached): void {
    const host = name ?? (address === null ? null : `${address}/32`);
    if (host === null || reason === 'loopback' || reason.startsWith('service ') || !isHost(host)) return;
    if (verdict === 'denied') this.#denied.add(host);
    else if (kind === 'connection') {
      const hosts = this.#isSetup(step) ? this.#setup : this.#agent;
      hosts.set(host, (hosts.get(host) ?? new Set()).add(port));
    }
  }

  /** YAML: the list of what was reached, as narrow as it goes, then shorter ones that allow more; then what was refused. */
  lines(): string[] {
    const narrow = this.#policy((hosts) => [...hosts].map(([host, ports]) => rule(host, ports)).sort(byHost));
    const short = this.#policy(shorter);
    const denied = [...this.#denied].filter((host) => !this.#agent.has(host) && !this.#setup.has(host)).sort();
    return [
      '# What this run reached, and nothing else:',
      ...narrow,
      ...(short.join() === narrow.join() ? [] : ['', '# Shorter, and allows more:', ...short]),
      ...(denied.length === 0 ? [] : ['', '# Refused, and in neither list:', ...denied.map((host) => `#   ${host}`)]),
    ];
  }

  #policy(list: (hosts: ReadonlyMap<string, ReadonlySet<number>>) => unknown[]): string[] {
    const [agent, setup] = [list(this.#agent), list(this.#setup)];
    const policy = { network: agent.length === 0 ? 'none' : agent, ...(setup.length === 0 ? {} : { setup: { network: setup } }) };
    return stringify(policy, { lineWidth: 0, flowCollectionPadding: true }).trimEnd().split('\n');
  }
}

/** A record may come from anywhere. */
function isHost(host: string): boolean {
  try {
    return parseHosts(host).join() === host;
  } catch {
    return false;
  }
}

function rule(host: string, ports: ReadonlySet<number>): string | object {
  const used = [...ports].sort((a, b) => a - b);
  return used.join() === USUAL.join() ? host : { host, ports: used };
}
const byHost = (a: string | object, b: string | object): number => (nameOf(a) < nameOf(b) ? -1 : 1);
const nameOf = (one: string | object): string => (typeof one === 'string' ? one : String((one as { host: string }).host));

/** Presets where one takes in what was reached, hosts with their usual ports else. */
function shorter(hosts: ReadonlyMap<string, ReadonlySet<number>>): unknown[] {
  const usual = [...hosts].filter(([, ports]) => [...ports].every((port) => USUAL.includes(port))).map(([host]) => host);
  const presets = PRESET_NAMES.filter((name) => presetHosts(name)?.some((host) => usual.includes(host)));
  const taken = (host: string): boolean => presets.some((name) => presetHosts(name)?.some((one) => covers(one, host)));
  const others = [...hosts].filter(([host]) => !(usual.includes(host) && taken(host)));
  return [...presets, ...others.map(([host, ports]) => (usual.includes(host) ? host : rule(host, ports))).sort(byHost)];
}
