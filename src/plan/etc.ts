import type { Identity } from '../model/jail.ts';

/**
 * What of the host's /etc the jail sees: names and globs (no blanks) relative to /etc. Programs need these to run; none holds a
 * password, a key or a token. Left out on purpose: `profile` (a login shell would lose PATH), and `gitconfig`, `npmrc`, `pip.conf`,
 * `wgetrc`, `apt`, `maven/settings.xml`, `environment`, which hold credentials where an administrator put them.
 * No name of `etcFiles` stands here: those are made, and what the host has could be a link to somewhere else.
 */
export const ETC_ALLOWED: readonly string[] = [
  // programs and libraries
  'alternatives', 'ld.so.cache', 'ld.so.conf', 'ld.so.conf.d', 'bash.bashrc', 'bashrc', 'inputrc', 'shells', 'terminfo',
  'os-release', 'lsb-release', 'debian_version', 'redhat-release', 'system-release', 'alpine-release', 'dpkg/origins',
  // certificates of the public authorities, and what decides about protocols
  'ca-certificates', 'ca-certificates.conf', 'ssl/certs', 'ssl/cert.pem', 'ssl/openssl.cnf', 'crypto-policies', 'gnutls',
  'pki/ca-trust', 'pki/tls/cert.pem', 'pki/tls/certs', 'pki/tls/openssl.cnf',
  // time, language, fonts, types of files
  'localtime', 'timezone', 'locale.alias', 'locale.conf', 'locale.gen', 'fonts', 'papersize', 'mime.types', 'mailcap',
  'magic', 'magic.mime', 'sgml', 'xml',
  // names of the network that are not addresses
  'services', 'protocols', 'rpc', 'ethertypes', 'networks', 'netconfig', 'gai.conf', 'host.conf', 'iproute2',
  // languages and tools
  'java*', 'maven/m2.conf', 'maven/logging', 'python*', 'perl', 'php', 'php.ini', 'php.d', 'R', 'dotnet', 'mono', 'texmf',
  'ImageMagick*', 'OpenCL', 'vulkan', 'glvnd', 'chromium.d', 'vim', 'nanorc', 'groff', 'manpath.config', 'man_db.conf',
]; // biome-ignore format: a table

/** Files of the jail's /etc that are made for the run: name to content. */
export function etcFiles(identity: Pick<Identity, 'name' | 'uid' | 'gid' | 'home'>, hostname: string): Record<string, string> {
  const { name, uid, gid, home } = identity;
  return {
    passwd: lines(
      'root:x:0:0:root:/root:/usr/sbin/nologin',
      `${name}:x:${uid}:${gid}:${name}:${home}:/bin/sh`,
      'nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin',
    ),
    group: lines('root:x:0:', `${name}:x:${gid}:`, 'nogroup:x:65534:'),
    hostname: lines(hostname),
    hosts: lines(`127.0.0.1 localhost ${hostname}`, '::1 ip6-localhost ip6-loopback'),
    // The gateway's resolver; it answers at once or not at all.
    'resolv.conf': lines('nameserver 127.0.0.1', 'options timeout:2 attempts:2'),
    // Only files and DNS: other sources are sockets of host services.
    'nsswitch.conf': lines(
      ...['passwd', 'group', 'shadow', 'networks', 'protocols', 'services', 'ethers', 'rpc'].map((database) => `${database}: files`),
      'hosts: files dns',
    ),
    // Programs read it, and must not learn the host's.
    'machine-id': '',
  };
}

const lines = (...all: readonly string[]): string => `${all.join('\n')}\n`;
