import { Resolver } from 'node:dns/promises';
import net from 'node:net';
import { isPublic } from '../model/addresses.ts';
import type { Destination } from './rules.ts';

/** ms for one question to a server, and how often each is asked. */
const PATIENCE = { timeout: 3000, tries: 2 };
/** ms for which an answer is used again. */
const FRESH = 60_000;
/** ms for one address. */
export const CONNECT_TIME = 10_000;

/** What is wrong with a place that a rule allows. */
export class Unreachable extends Error {
  /** It could be reached, and must not be. */
  readonly denied: boolean;
  constructor(message: string, denied: boolean) {
    super(message);
    this.denied = denied;
  }
}

/** Where a connection really goes: addresses that were looked at, so that nothing is resolved again between the look and the connect. */
export interface Upstream {
  readonly addresses: readonly string[];
  readonly port: number;
}

/** Names of the real world. Each answer is looked at: an allowed name must not lead into a private network. */
export class RealNames {
  readonly #resolver = new Resolver(PATIENCE);
  readonly #answers = new Map<string, { readonly until: number; readonly found: Promise<readonly string[]> }>();

  /** Throws Unreachable. */
  async addresses({ name, address }: Destination): Promise<readonly string[]> {
    if (name === null) {
      if (isPublic(address)) return [address];
      throw new Unreachable('it is not a public address', true);
    }
    const now = performance.now();
    const known = this.#answers.get(name);
    if (known !== undefined && known.until > now) return known.found;
    const found = this.#ask(name);
    this.#answers.set(name, { until: now + FRESH, found });
    found.catch(() => this.#answers.delete(name));
    return found;
  }

  async #ask(name: string): Promise<readonly string[]> {
    const failed: string[] = [];
    for (const ask of [() => this.#resolver.resolve4(name), () => this.#resolver.resolve6(name)]) {
      try {
        const all = await ask();
        const found = all.filter(isPublic);
        if (found.length > 0) return found;
        if (all.length > 0) throw new Unreachable(`the name leads to ${all[0]}, which is not a public address`, true);
      } catch (error) {
        if (error instanceof Unreachable) throw error;
        failed.push((error as NodeJS.ErrnoException).code ?? String(error));
      }
    }
    throw new Unreachable(`the name cannot be resolved: ${failed[0] ?? 'no address'}`, false);
  }
}

/** For `net.connect` and what is built on it: these addresses, whatever the name. */
export const pinned =
  (addresses: readonly string[]): net.LookupFunction =>
  (_name, options, done) => {
    const all = addresses.map((address) => ({ address, family: net.isIP(address) }));
    const [first] = all;
    if (first === undefined) done(new Error('no address'), '', 4);
    else if (options.all === true) done(null, all);
    else done(null, first.address, first.family);
  };
