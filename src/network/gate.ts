import tls from 'node:tls';
import type { Certificates, GatewayRules } from '../model/gateway.ts';
import type { Addresses } from './addresses.ts';
import type { Budget } from './budget.ts';
import type { NetworkLog } from './log.ts';
import type { Tokens } from './tokens.ts';
import type { RealNames } from './upstream.ts';

/** What everything that serves the jail has in common. */
export interface Gate {
  readonly log: NetworkLog;
  readonly budget: Budget;
  readonly addresses: Addresses;
  readonly names: RealNames;
  readonly tokens: Tokens;
  readonly certificates: Certificates;
  /** What is in force now. */
  readonly rules: () => GatewayRules;
  /** What real servers have to be certified by. */
  readonly authorities: () => readonly string[];
}

/** The machine's authorities, Node's own, and `more` (PEM); read when the first server is spoken to by TLS. */
export function authoritiesOf(more: string | null): () => readonly string[] {
  let all: readonly string[] | null = null;
  return () =>
    (all ??= [...new Set([...tls.getCACertificates('bundled'), ...tls.getCACertificates('system'), ...(more === null ? [] : [more])])]);
}
