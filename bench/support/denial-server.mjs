// Denies every name in one form: `denial-server.mjs FORM`, in a network namespace of its own. Prints a line once it listens.
//   nxdomain: no such name · refused: an address where nobody listens · told: a TLS alert on 443, a 403 on 80
import dgram from 'node:dgram';
import net from 'node:net';
import dnsPacket from 'dns-packet';

const form = process.argv[2];
const ALERT = Buffer.from([0x15, 3, 3, 0, 2, 2, 49]);
const FORBIDDEN = 'HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n';

const udp = dgram.createSocket('udp4').on('message', (bytes, { port, address }) => {
  const { id, questions } = dnsPacket.decode(bytes);
  const { name, type } = questions[0];
  const found = form === 'nxdomain' ? [] : [{ type: 'A', name, ttl: 1, data: '127.0.0.2' }];
  const flags = dnsPacket.RECURSION_DESIRED | dnsPacket.RECURSION_AVAILABLE | (form === 'nxdomain' ? 3 : 0);
  udp.send(dnsPacket.encode({ type: 'response', id, flags, questions, answers: type === 'A' ? found : [] }), port, address);
});
await new Promise((resolve) => udp.bind(53, '127.0.0.1', resolve));
if (form === 'told')
  for (const [port, answer] of [
    [80, FORBIDDEN],
    [443, ALERT],
  ]) {
    const server = net.createServer((socket) => socket.on('error', () => {}).once('data', () => socket.end(answer)));
    await new Promise((resolve) => server.listen(port, '127.0.0.2', resolve));
  }
console.log('listening');
