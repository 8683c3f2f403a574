import { BlockList, isIP } from 'node:net';

/**
 * IPv4 that is not the public internet: IANA's special-purpose registry, multicast, reserved, and the address of a hosted runner's platform
 * (Azure WireServer). The metadata services of clouds lie in link-local and shared ranges.
 */
const NOT_PUBLIC: readonly (readonly [network: string, prefix: number])[] = [
  ['0.0.0.0', 8], ['10.0.0.0', 8], ['100.64.0.0', 10], ['127.0.0.0', 8], ['169.254.0.0', 16], ['172.16.0.0', 12], ['192.0.0.0', 24],
  ['192.0.2.0', 24], ['192.88.99.0', 24], ['192.168.0.0', 16], ['198.18.0.0', 15], ['198.51.100.0', 24], ['203.0.113.0', 24],
  ['224.0.0.0', 3], ['168.63.129.16', 32],
]; // biome-ignore format: a table
/** Of IPv6, only global unicast is public; of that, not what carries other addresses (Teredo, 6to4), and not documentation. */
const GLOBAL_V6 = ['2000::', 3] as const;
const NOT_PUBLIC_V6: typeof NOT_PUBLIC = [['2001::', 23], ['2001:db8::', 32], ['2002::', 16], ['3fff::', 20]]; // biome-ignore format: a table

/** Made when the first address is looked at: most policies name none, and it takes longer than to read them. */
let lists: { readonly refused: BlockList; readonly global: BlockList } | null = null;
function made(): { readonly refused: BlockList; readonly global: BlockList } {
  const [refused, global] = [new BlockList(), new BlockList()];
  for (const [network, prefix] of NOT_PUBLIC) refused.addSubnet(network, prefix, 'ipv4');
  for (const [network, prefix] of NOT_PUBLIC_V6) refused.addSubnet(network, prefix, 'ipv6');
  global.addSubnet(...GLOBAL_V6, 'ipv6');
  return { refused, global };
}

/** Whether an address literal is one of the public internet. IPv4 inside IPv6 (mapped, NAT64, 6to4) is not: it would be another address. */
export function isPublic(address: string): boolean {
  const family = isIP(address);
  if (family === 0) return false;
  const { refused, global } = (lists ??= made());
  if (family === 4) return !refused.check(address, 'ipv4');
  return global.check(address, 'ipv6') && !refused.check(address, 'ipv6');
}
