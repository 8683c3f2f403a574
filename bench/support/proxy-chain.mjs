// proxy-chain as a proxy that lets everything through, on the port that is given.
import { Server } from 'proxy-chain';

await new Server({ port: Number(process.argv[2]), host: '127.0.0.1', verbose: false }).listen();
console.log('listening');
