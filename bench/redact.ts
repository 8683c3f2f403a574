// Throughput of the redactor: 256 MiB of text in 64 KiB chunks with ten secrets. Run by `npx node bench/redact.ts`.
import { createHash, randomBytes } from 'node:crypto';
import { secretForms } from '../src/secrets/forms.ts';
import { Redactor } from '../src/transcript/redact.ts';

const TOTAL = 256 << 20;
const CHUNK = 64 << 10;
const secrets = Array.from({ length: 10 }, (_, i) => ({ name: `SECRET_${i}`, value: `sk-${i}-${randomBytes(15).toString('base64')}` }));
const short = [...secrets.slice(1), { name: 'SHORT', value: 'x7Qp2w' }];

const log = '\x1b[32m✓\x1b[0m src/index.ts: compiled 12 modules in 34 ms, 0 errors; see https://example.com/docs?id=77\n';
const texts = {
  'log lines': Buffer.from(log.repeat(Math.ceil((4 << 20) / log.length))),
  'hex digits': Buffer.from(Array.from({ length: 32_768 }, (_, i) => createHash('sha512').update(`${i}`).digest('hex')).join('\n')),
  base64: Buffer.from(randomBytes(3 << 20).toString('base64')),
};

/** MB/s (10^6 bytes), median of three passes. */
function rate(text: Buffer, values: typeof secrets): number {
  const rates = Array.from({ length: 3 }, () => {
    const redactor = new Redactor(values);
    const start = process.hrtime.bigint();
    let at = 0;
    for (let sent = 0; sent < TOTAL; sent += CHUNK) {
      redactor.push(text.subarray(at, at + CHUNK));
      at = at + 2 * CHUNK > text.length ? 0 : at + CHUNK;
    }
    redactor.flush();
    return (TOTAL * 1e3) / Number(process.hrtime.bigint() - start);
  });
  return Math.round(rates.sort((a, b) => a - b)[1] ?? 0);
}

for (const [kind, text] of Object.entries(texts)) {
  for (const [size, values] of [
    ['long', secrets],
    ['one short', short],
  ] as const) {
    const forms = values.reduce((sum, { value }) => sum + secretForms(value).length, 0);
    console.log(`${kind.padEnd(10)} ten secrets (${size}), ${forms} forms: ${rate(text, [...values])} MB/s`);
  }
}
