/** The jail's own loopback has a name (RFC 6761 §6.3). */
export const isLocalhost = (name: string): boolean => name === 'localhost' || name.endsWith('.localhost');

/** Pure: a host name or IPv4 address in lower case, without a final dot; null where it is not one. */
export function hostName(text: string): string | null {
  const name = (text.endsWith('.') ? text.slice(0, -1) : text).toLowerCase();
  if (name.length === 0 || name.length > 253) return null;
  return name.split('.').every((label) => /^[a-z0-9_-]{1,63}$/.test(label)) ? name : null;
}
