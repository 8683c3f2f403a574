/** What asks to leave: a DNS question, or a connection that has announced where it wants to go. */
export interface Subject {
  readonly kind: 'dns' | 'connection';
  /** As `hostName` or the DNS reader give it; null: none was announced. */
  readonly name: string | null;
}
export interface Ruling {
  readonly verdict: 'allowed' | 'denied';
  /** For the log, and for the client where its protocol can carry it. */
  readonly reason: string;
  /** DNS: the address that stands for the name in the jail. */
  readonly address: string | null;
}

/** Pure: may this pass? There is no allow-list yet, so nothing passes; the jail's own loopback has a name (RFC 6761 §6.3). */
export function decide({ kind, name }: Subject): Ruling {
  if (kind === 'dns' && name !== null && (name === 'localhost' || name.endsWith('.localhost')))
    return { verdict: 'allowed', reason: 'loopback', address: '127.0.0.1' };
  return { verdict: 'denied', reason: 'no rule allows it', address: null };
}

/** Pure: a host name or IPv4 address in lower case, without a final dot; null where it is not one. */
export function hostName(text: string): string | null {
  const name = (text.endsWith('.') ? text.slice(0, -1) : text).toLowerCase();
  if (name.length === 0 || name.length > 253) return null;
  return name.split('.').every((label) => /^[a-z0-9_-]{1,63}$/.test(label)) ? name : null;
}
