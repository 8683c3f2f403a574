import 'reflect-metadata';
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  cryptoProvider,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
} from '@peculiar/x509';
import { SubjectAlternativeNameExtension, SubjectKeyIdentifierExtension, X509CertificateGenerator } from '@peculiar/x509';
import { webcrypto } from 'node:crypto';
import type { Interception } from '../model/protocol.ts';

const KEY = { name: 'ECDSA', namedCurve: 'P-256' };
const SIGNING = { name: 'ECDSA', hash: 'SHA-256' };
const [HOUR, DAY] = [3_600_000, 86_400_000];

/**
 * An authority of this run, and a certificate by it for each host that gets a secret. The authority's key is forgotten here: nobody can
 * make more of them, and nothing of this is ever on a disk but the authority's certificate, in the jail.
 */
export async function intercept(id: string, hosts: readonly string[]): Promise<Interception> {
  cryptoProvider.set(webcrypto as unknown as Parameters<typeof cryptoProvider.set>[0]);
  const dates = { notBefore: new Date(Date.now() - HOUR), notAfter: new Date(Date.now() + 8 * DAY) }; // a run takes a week at the most
  const subject = `CN=agent-jail run ${id}`;
  const own = await webcrypto.subtle.generateKey(KEY, false, ['sign', 'verify']);
  const [ownKey, signer] = [
    await SubjectKeyIdentifierExtension.create(own.publicKey),
    await AuthorityKeyIdentifierExtension.create(own.publicKey),
  ];
  const authority = await X509CertificateGenerator.create({
    ...dates,
    serialNumber: serial(),
    subject,
    issuer: subject,
    publicKey: own.publicKey,
    signingKey: own.privateKey,
    signingAlgorithm: SIGNING,
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      ownKey,
    ],
  });
  const certificates: Record<string, { certificate: string; key: string }> = {};
  for (const host of hosts) {
    const pair = await webcrypto.subtle.generateKey(KEY, true, ['sign', 'verify']);
    const leaf = await X509CertificateGenerator.create({
      ...dates,
      serialNumber: serial(),
      subject: `CN=${host.slice(0, 64)}`,
      issuer: subject,
      publicKey: pair.publicKey,
      signingKey: own.privateKey,
      signingAlgorithm: SIGNING,
      extensions: [
        new BasicConstraintsExtension(false, undefined, true),
        new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
        new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
        new SubjectAlternativeNameExtension([{ type: 'dns', value: host }]),
        await SubjectKeyIdentifierExtension.create(pair.publicKey),
        signer,
      ],
    });
    const key = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', pair.privateKey)).toString('base64');
    certificates[host] = { certificate: `${leaf.toString('pem')}\n${authority.toString('pem')}\n`, key: pem('PRIVATE KEY', key) };
  }
  return { authority: `${authority.toString('pem')}\n`, certificates };
}

/** 127 bits, so that it is positive (RFC 5280 §4.1.2.2). */
const serial = (): string => {
  const bytes = Buffer.from(webcrypto.getRandomValues(new Uint8Array(16)));
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40;
  return bytes.toString('hex');
};
const pem = (what: string, base64: string): string =>
  `-----BEGIN ${what}-----\n${(base64.match(/.{1,64}/g) ?? []).join('\n')}\n-----END ${what}-----\n`;
