import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isPublic } from '../../../src/model/addresses.ts';
import { Addresses, reserve } from '../../../src/network/addresses.ts';
import { parsePolicy } from '../../../src/policy/parse.ts';

const networks = (yaml: string) => {
  const { agent, setup } = parsePolicy(yaml, 'p.yml');
  return [agent.network, setup.network];
};

describe('addresses of names', () => {
  it('are reserved, and listened to, where a port of their own is named', () => {
    const { exact, below, sockets } = reserve(
      networks(`network:
  allow: [a.com, { host: git.com, ports: [22, 443] }, { host: "*.db.com", ports: [5432] }, { host: 9.9.9.9/32, ports: [53] }]
  services: { registry: 4873 }
setup: { network: [{ host: git.com, ports: [2222] }] }`),
    );
    expect([...exact]).toEqual([
      ['registry', '198.18.0.1'],
      ['git.com', '198.18.0.2'],
    ]);
    expect(below.get('*.db.com')).toHaveLength(16);
    expect(sockets).toContainEqual({ protocol: 'tcp', address: '198.18.0.1', port: 4873 });
    expect(sockets.filter(({ address }) => address === '198.18.0.2').map(({ port }) => port)).toEqual([22, 2222]);
    expect(sockets).toContainEqual({ protocol: 'tcp', address: '9.9.9.9', port: 53 });
    expect(sockets).toHaveLength(1 + 2 + 16 + 1);
    expect(reserve(networks('network: [a.com]')).sockets).toEqual([]);
  });
  it("are never another name's, also where an earlier gateway of the run has handed some out", () => {
    const reserved = reserve(networks('network: [{ host: "*.db.com", ports: [5432] }, { host: git.com, ports: [22] }]'));
    const first = new Addresses(reserved, 0);
    expect([first.of('git.com'), first.of('x.db.com'), first.of('a.com'), first.of('b.com'), first.of('a.com')]).toEqual([
      '198.18.0.17',
      '198.18.0.1',
      '198.18.0.18',
      '198.18.0.19',
      '198.18.0.18',
    ]);
    expect(first.nameOf('198.18.0.19')).toBe('b.com');
    expect(first.nameOf('198.18.0.20')).toBeNull();
    expect(first.handedOut).toBe(2);
    expect(new Addresses(reserved, first.handedOut).of('c.com')).toBe('198.18.0.20');
  });
  it('come to an end', () => {
    const all = new Addresses(reserve([]), 2 ** 17 - 3);
    expect([all.of('a.com'), all.of('b.com'), all.of('a.com')]).toEqual(['198.19.255.254', null, '198.19.255.254']);
  });
});

describe('public addresses', () => {
  it.each(['9.9.9.9', '100.63.255.255', '100.128.0.0', '172.15.0.1', '198.17.255.255', '198.20.0.0', '223.255.255.255', '2606:4700::1111'])(
    '%s is one',
    (address) => expect(isPublic(address)).toBe(true),
  );
  it.each([
    '0.0.0.0', '10.1.2.3', '100.100.100.200', '127.0.0.1', '169.254.169.254', '172.31.0.1', '192.168.1.1', '198.18.0.1', '198.19.255.255',
    '224.0.0.1', '255.255.255.255', '168.63.129.16', '::1', '::', 'fd00:ec2::254', 'fe80::1', '::ffff:9.9.9.9', '::ffff:7f00:1',
    '64:ff9b::909:909', '2002:7f00:1::', '2001::1', '2001:db8::1', 'ff02::1', '', 'localhost', '0x7f.1', '1.2.3',
  ])('%s is none', (address) => expect(isPublic(address)).toBe(false)); // biome-ignore format: a table
  it('never lie in a private network, however written', () => {
    fc.assert(fc.property(fc.ipV4(), (address) => !/^(?:10|127)\./.test(address) || !isPublic(address)));
  });
});
