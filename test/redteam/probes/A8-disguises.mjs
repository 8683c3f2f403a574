// results: A8-written
// A secret that the policy gives, printed in every disguise and left in files: whoever reads the record must not find it.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { result, saw } from './lib/probe.mjs';

const secret = process.env.RT_SECRET ?? '';
const bytes = Buffer.from(secret);
const root = join(import.meta.dirname, '..');
saw('A8-written', readFileSync(join(root, 'plain.txt'), 'utf8'));
if (secret === '') throw new Error('no secret');

const wrapped = (text, columns) => text.match(new RegExp(`.{1,${columns}}`, 'g')).join('\n');
const forms = {
  plain: secret,
  'in-text': `password="${secret}";`,
  base64: bytes.toString('base64'),
  'base64-after-one': Buffer.concat([Buffer.from('u'), bytes, Buffer.from('tail')]).toString('base64'),
  'base64-after-two': Buffer.concat([Buffer.from('u:'), bytes]).toString('base64'),
  'base64-url': bytes.toString('base64url'),
  'base64-wrapped': wrapped(Buffer.concat([bytes, Buffer.alloc(90, 'x')]).toString('base64'), 76),
  hex: bytes.toString('hex'),
  'hex-upper': bytes.toString('hex').toUpperCase(),
  'hex-wrapped': wrapped(Buffer.concat([bytes, Buffer.alloc(90, 'x')]).toString('hex'), 60),
  url: encodeURIComponent(secret),
  'url-every-byte': bytes.toString('hex').replace(/../g, '%$&'),
  json: JSON.stringify({ secret }),
  'json-in-json': JSON.stringify(JSON.stringify({ secret })),
  reversed: [...secret].reverse().join(''),
  'one-a-line': [...secret].join('\n'),
};
for (const [name, text] of Object.entries(forms)) console.log(`FORM ${name} <<${text}>>`);
const write = (text) => writeSync(1, text);
write('FORM two-writes <<');
write(bytes.subarray(0, 9));
await new Promise((done) => setTimeout(done, 300));
write(bytes.subarray(9));
write('>>\nFORM byte-by-byte <<');
for (const byte of bytes) write(Buffer.from([byte]));
write('>>\nFORM coloured <<');
write(`\x1b[31m${secret}\x1b[0m>>\n`);
writeSync(2, `FORM error-stream <<${secret}>>\n`);
writeSync(1, Buffer.concat([Buffer.from('FORM binary <<'), Buffer.from([0, 255, 254]), bytes, Buffer.from([0, 128]), Buffer.from('>>\n')]));

const leaks = join(root, 'leaks');
mkdirSync(leaks);
const filler = Buffer.alloc(5000, 'filler text\n');
const files = {
  plain: Buffer.concat([filler, bytes, filler]),
  base64: Buffer.from(`data: ${bytes.toString('base64')}\n`),
  json: Buffer.from(JSON.stringify({ secret })),
  binary: Buffer.concat([Buffer.from([0, 1, 2]), bytes, Buffer.from([0, 0])]),
  gzip: gzipSync(Buffer.concat([filler, bytes])),
};
for (const [name, content] of Object.entries(files)) writeFileSync(join(leaks, name), content);
symlinkSync(`/nowhere/${secret}`, join(leaks, 'link-target'));
writeFileSync(join(leaks, `name-${secret}`), 'a file with the secret as its name\n');
execFileSync('tar', ['--create', '--file', join(leaks, 'tar'), '--directory', leaks, 'plain']);
writeFileSync(join(root, 'tracked.txt'), `${secret}\n`);
execFileSync('git', ['-C', root, 'hash-object', '-w', 'tracked.txt']);
writeFileSync(process.env.AGENT_JAIL_RESULT, `the answer is ${secret}\n`);
result('A8-written');
