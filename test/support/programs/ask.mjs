// Runs in a jail. Reads a list of attempts from the file that is given, makes them one after the other, and prints one JSON line each:
// { name, text | error, ms }. An attempt sends `text` as it is to `host`:`port`, or `pieces` with 20 ms between them, by TLS where `sni` is
// given, and reads until the other side ends, or `until` is in what came, or `wait` ms are over.
import { readFileSync } from 'node:fs';
import net from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import tls from 'node:tls';

const trusted = process.env.WORLD === undefined ? [] : [readFileSync(process.env.WORLD)];
const own = process.env.NODE_EXTRA_CA_CERTS === undefined ? [] : [readFileSync(process.env.NODE_EXTRA_CA_CERTS)];

for (const attempt of JSON.parse(readFileSync(process.argv[2], 'utf8'))) {
  const began = performance.now();
  const said = await make(attempt).catch((error) => ({ error: error.code ?? error.message }));
  console.log(JSON.stringify({ name: attempt.name, ...said, ms: Math.round(performance.now() - began) }));
}

async function make({ host, port, pieces, text, sni, until, wait = 8000, anyone = false }) {
  const socket =
    sni === undefined
      ? net.connect({ host, port })
      : tls.connect({ host, port, servername: sni, ca: [...tls.rootCertificates, ...trusted, ...own], rejectUnauthorized: !anyone });
  await new Promise((resolve, reject) => socket.once(sni === undefined ? 'connect' : 'secureConnect', resolve).once('error', reject));
  let got = '';
  let error = null;
  const over = new Promise((resolve) => {
    const timer = setTimeout(() => resolve('waited'), wait);
    socket.on('data', (chunk) => {
      got += chunk.toString('latin1');
      if (until !== undefined && got.includes(until)) resolve();
    });
    socket
      .once('error', (cause) => (error = cause.code ?? cause.message))
      .once('close', () => {
        clearTimeout(timer);
        resolve();
      });
  });
  const secret = process.env.KEY ?? '';
  for (const piece of pieces ?? [text]) {
    socket.write(
      Buffer.from(piece.replaceAll('$KEY', secret).replaceAll('$BASIC', Buffer.from(`u:${secret}`).toString('base64')), 'latin1'),
    );
    if (pieces !== undefined) await sleep(20);
  }
  const how = await over;
  socket.destroy();
  return { text: got, ...(error === null ? {} : { error }), ...(how === undefined ? {} : { how }) };
}
