// What is asked through the gateway and the proxies: a server of bytes. GET /N: N bytes; POST: takes what comes. Prints its port.
import http from 'node:http';

const CHUNK = Buffer.alloc(1 << 20);

http
  .createServer((request, response) => {
    if (request.method === 'POST') {
      let bytes = 0;
      request.on('data', (chunk) => (bytes += chunk.length)).on('end', () => response.end(String(bytes)));
      return;
    }
    let left = Number(request.url.slice(1));
    response.writeHead(200, { 'content-length': left });
    const send = () => {
      while (left > 0) {
        const chunk = left < CHUNK.length ? CHUNK.subarray(0, left) : CHUNK;
        left -= chunk.length;
        if (!response.write(chunk)) return response.once('drain', send);
      }
      response.end();
    };
    send();
  })
  .listen(Number(process.argv[2] ?? 0), '127.0.0.1', 8192, function () {
    console.log(this.address().port);
  });
