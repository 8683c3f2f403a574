import type { SocketPlace } from '../model/gateway.ts';
import type { HostRule, Network } from '../model/policy.ts';
import { covers } from '../model/hosts.ts';
import { speaksFirst } from './rules.ts';

/** 198.18.0.0/15 (RFC 2544), which is nobody's: the addresses that names have in the jail. */
const FIRST = 198 * 2 ** 24 + 18 * 2 ** 16 + 1;
const LAST = 198 * 2 ** 24 + 19 * 2 ** 16 + 65_534;
/** Names below a wildcard that can be reached on a port of their own: their sockets have to be there before anyone asks. */
const BELOW_A_WILDCARD = 16;

/** Addresses that are taken beforehand, because other ports than 80 and 443 are listened to on them. */
export interface Reserved {
  /** A name or a service: the address that is its own. */
  readonly exact: ReadonlyMap<string, string>;
  /** A pattern with a wildcard: addresses of the names below it, in the order of asking. */
  readonly below: ReadonlyMap<string, readonly string[]>;
  /** The sockets on them. */
  readonly sockets: readonly SocketPlace[];
}

/**
 * Pure: what has to be listened to beside ports 80 and 443 of every address. An address for each name, not all addresses: the agent's own
 * servers may want these ports.
 */
export function reserve(networks: readonly Network[]): Reserved {
  const exact = new Map<string, string>();
  const below = new Map<string, string[]>();
  const sockets = new Map<string, SocketPlace>();
  let next = FIRST;
  const take = (): string => dotted(next++);
  const listen = (address: string, port: number): void => {
    if (!speaksFirst(port)) sockets.set(`${address}:${port}`, { protocol: 'tcp', address, port });
  };
  const rules = networks.flatMap(({ allow }) => allow);
  for (const { name, port } of networks.flatMap(({ services }) => services)) {
    if (!exact.has(name)) exact.set(name, take());
    listen(exact.get(name) ?? '', port);
  }
  for (const { pattern } of rules) {
    const ports = portsOf(rules, pattern);
    if (ports.every(speaksFirst) || exact.has(pattern) || below.has(pattern)) continue;
    const literal = pattern.endsWith('/32');
    const wild = pattern.startsWith('.') || pattern.startsWith('*');
    const own = literal ? [pattern.slice(0, -3)] : Array.from({ length: wild ? BELOW_A_WILDCARD : 1 }, take);
    if (wild) below.set(pattern, own);
    else if (!literal) exact.set(pattern, own[0] ?? '');
    for (const address of own) for (const port of ports) listen(address, port);
  }
  return { exact, below, sockets: [...sockets.values()] };
}

/** A name's ports: those of every rule that takes it in. */
const portsOf = (rules: readonly HostRule[], pattern: string): number[] =>
  rules.filter((rule) => rule.pattern === pattern || covers(rule.pattern, pattern)).flatMap(({ ports }) => ports);

/** Which name has which address in the jail. None is ever given to another name. */
export class Addresses {
  readonly #reserved: Reserved;
  readonly #byName = new Map<string, string>();
  readonly #byAddress = new Map<string, string>();
  readonly #used = new Map<string, number>();
  #next: number;
  readonly #first: number;

  /** `handedOut`: how many others of the run have handed out. */
  constructor(reserved: Reserved, handedOut: number) {
    this.#reserved = reserved;
    const taken = reserved.exact.size + [...reserved.below.values()].reduce((sum, own) => sum + own.length, 0);
    this.#first = FIRST + taken;
    this.#next = this.#first + handedOut;
    for (const [name, address] of reserved.exact) this.#give(name, address);
  }

  /** null: there is no address left. */
  of(name: string): string | null {
    const known = this.#byName.get(name);
    if (known !== undefined) return known;
    const address = this.#below(name) ?? (this.#next > LAST ? null : dotted(this.#next++));
    if (address !== null) this.#give(name, address);
    return address;
  }
  nameOf(address: string): string | null {
    return this.#byAddress.get(address) ?? null;
  }
  get handedOut(): number {
    return this.#next - this.#first;
  }

  #below(name: string): string | null {
    for (const [pattern, own] of this.#reserved.below) {
      const used = this.#used.get(pattern) ?? 0;
      const address = own[used];
      if (address === undefined || !covers(pattern, name)) continue;
      this.#used.set(pattern, used + 1);
      return address;
    }
    return null;
  }
  #give(name: string, address: string): void {
    this.#byName.set(name, address);
    this.#byAddress.set(address, name);
  }
}

const dotted = (n: number): string => [24, 16, 8, 0].map((shift) => (n >>> shift) & 255).join('.');
