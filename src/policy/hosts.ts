import { isIP } from 'node:net';
import { domainToASCII } from 'node:url';
import { isPublic } from '../model/addresses.ts';
import { nearest } from './nearest.ts';
import { PRESET_NAMES, presetHosts } from './presets.ts';

/** One word of `network.allow` as the patterns it stands for: `a.b`, `*.a.b` (below it), `.a.b` (both), `1.2.3.4/32`. Throws an Error. */
export function parseHosts(text: string): readonly string[] {
  const said = JSON.stringify(text);
  if (text === '*' || text === '.' || text === '*.') {
    throw new Error(`${said} would be every host; name the hosts, or use \`network: { observe: true }\``);
  }
  if (/^[\d.]+\/\d+$/.test(text) && !text.endsWith('/32')) {
    throw new Error(`${said} is a range; only single addresses can be listed, as 1.2.3.4/32`);
  }
  if (text.includes('://') || text.includes('/') !== text.endsWith('/32')) {
    throw new Error(`${said} is not a host: write the name alone, without scheme and path`);
  }
  if (/^[^:]*:\d+$/.test(text)) {
    const [host, port] = text.split(':');
    throw new Error(`${said} is not a host: write { host: ${host}, ports: [${port}] }`);
  }
  if (text.endsWith('/32') || isIP(text) !== 0) return [parseAddress(text)];
  const prefix = text.startsWith('*.') ? '*.' : text.startsWith('.') ? '.' : '';
  const bare = text.slice(prefix.length);
  if (prefix === '' && /^[a-z][a-z0-9-]*$/.test(text)) return preset(text);
  const name = parseName(bare);
  if (prefix === '' && !name.includes('.')) throw new Error(`${said} is not a host: a name has at least one dot`);
  return [prefix + name];
}

/** An exact host name, lower case, A-labels, no trailing dot. Throws an Error. */
export function parseHostName(text: string): string {
  const name = parseName(text);
  if (!name.includes('.')) throw new Error(`${JSON.stringify(text)} is not a full host name: it has no dot`);
  return name;
}

function preset(name: string): readonly string[] {
  const hosts = presetHosts(name);
  if (hosts !== null) return hosts;
  const near = nearest(name, PRESET_NAMES);
  const hint = near === null ? `known presets: ${PRESET_NAMES.join(' ')}` : `did you mean \`${near}\`?`;
  throw new Error(`${JSON.stringify(name)} is neither a host (no dot) nor a preset; ${hint}`);
}

function parseName(text: string): string {
  const said = JSON.stringify(text);
  if (text.includes('*')) throw new Error(`${said} is not a host: \`*\` stands only at the front, as in *.example.com`);
  // domainToASCII decodes percent signs and shortens numbers, so plain ASCII never goes through it.
  const plain = /^[\x21-\x7e]*$/.test(text);
  const ascii = (plain ? text : text.includes('%') ? '' : domainToASCII(text)).toLowerCase().replace(/\.$/, '');
  const labels = ascii.split('.');
  if (ascii.length > 253 || !labels.every((label) => /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(label))) {
    throw new Error(`${said} is not a host name: labels of letters, digits and hyphens, joined by dots`);
  }
  // `127.1`, `0x7f.1` and `2130706433` are addresses to many programs (WHATWG URL, "ends in a number").
  if (/^(?:\d+|0x[0-9a-f]*)$/.test(labels.at(-1) ?? '')) {
    throw new Error(`${said} reads as an address, not as a host name`);
  }
  return ascii;
}

function parseAddress(text: string): string {
  const said = JSON.stringify(text);
  const address = text.replace(/\/32$/, '');
  if (isIP(address) !== 4) throw new Error(`${said} is not an IPv4 address; single addresses are written 1.2.3.4/32`);
  if (address === text) throw new Error(`${said} is an address; write it as ${address}/32`);
  if (!isPublic(address)) {
    throw new Error(`${said} is not a public address, and the gateway never goes there; the runner's own ports are \`network.services\``);
  }
  return text;
}
