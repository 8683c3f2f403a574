// Opens 1,000 connections, has one request on each, and holds them: `gateway-held.mjs HOST PORT PID`. Prints the resident memory of PID, in
// MiB, before and then.
import { readFileSync } from 'node:fs';
import net from 'node:net';

const [host, port, pid] = [process.argv[2], Number(process.argv[3]), process.argv[4]];
const MANY = 1000;
const resident = () => Math.round(Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024);

const before = resident();
const sockets = await Promise.all(Array.from({ length: MANY }, open));
const holding = resident();
for (const socket of sockets) socket.destroy();
console.log(JSON.stringify({ before, holding }));

function open() {
  return new Promise((resolve, reject) => {
    const socket = net.connect({ host, port }, () => socket.write(`GET /200 HTTP/1.1\r\nHost: x\r\n\r\n`));
    let bytes = 0;
    socket.once('error', reject).on('data', (chunk) => {
      bytes += chunk.length;
      if (bytes > 300) resolve(socket);
    });
  });
}
