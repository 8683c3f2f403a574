import { expect, it } from 'vitest';
import { parseReport } from '../../../src/host/netns.ts';

const text = (links: unknown, routes: unknown): string => `${JSON.stringify(links)}\n${JSON.stringify(routes)}\n`;

it('finds nothing to report where there is loopback only', () => {
  const local = [
    { type: 'local', dst: 'default', dev: 'lo' },
    { type: 'broadcast', dst: '127.255.255.255', dev: 'lo' },
    { dst: '::1', dev: 'lo' },
  ];
  expect(parseReport(text([{ ifname: 'lo' }], local))).toEqual({ interfaces: ['lo'], routes: [] });
});

it('reports every other interface and route', () => {
  const routes = [
    { dst: 'default', gateway: '10.0.0.1', dev: 'eth0' },
    { type: 'local', dst: '10.0.0.2', dev: 'eth0' },
    { dst: 'default', dev: 'lo' },
  ];
  expect(parseReport(text([{ ifname: 'lo' }, { ifname: 'eth0' }], routes))).toEqual({
    interfaces: ['lo', 'eth0'],
    routes: ['unicast default eth0', 'local 10.0.0.2 eth0', 'unicast default lo'],
  });
});

it('refuses any other text', () => {
  expect(() => parseReport('[]\n')).toThrow('something else than two lists');
  expect(() => parseReport('[]\n[]\n[]\n')).toThrow('something else than two lists');
});
