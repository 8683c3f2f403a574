// The process of a world: started in its network namespace, told what to be by its parent, gone with it.
import { execFileSync } from 'node:child_process';
import { createServer as createHttp, type IncomingMessage, type Server as HttpServer } from 'node:http';
import { createServer as createHttps } from 'node:https';
import type { Server } from 'node:net';
import { ScriptedModel } from '../../../src/scripted/model.ts';
import { parseScript } from '../../../src/scripted/parse.ts';
import { handler } from '../../../src/scripted/server.ts';
import { identityOf } from './authority.ts';
import type { Order, Request, Seen, Start } from './hosts.ts';
import { Names } from './names.ts';
import { git } from './sites/git.ts';
import { npm } from './sites/npm.ts';
import { pypi } from './sites/pypi.ts';
import type { Site } from './sites/site.ts';
import { web } from './sites/web.ts';
import { tcpServer } from './tcp.ts';

const names = new Names();
const connections: string[] = [];
const requests: Request[] = [];

async function start({ hosts, nameServers, directory, script }: Start): Promise<void> {
  const addresses = new Set([...nameServers, ...hosts.flatMap(({ at }) => at)].filter((address) => !/^127\.|^::1$/.test(address)));
  const setup = ['link set lo up', ...[...addresses].map((a) => `address add ${a}/${a.includes(':') ? '128 nodad' : 32} dev lo`)];
  execFileSync('ip', ['-batch', '-'], { input: `${setup.join('\n')}\n`, stdio: ['pipe', 'pipe', 'inherit'] });
  const made = new Map<string, Site>();
  const model = (): Site => ({
    // JSON is YAML.
    answer: handler({ model: new ScriptedModel(parseScript(JSON.stringify(script), 'script')), key: null, note: () => {} }),
  });
  const makers: Readonly<Record<string, () => Site>> = { web, npm, pypi, git: () => git(directory), model };
  const siteOf = (name: string): Site => {
    const site = made.get(name) ?? (makers[name] as () => Site)();
    made.set(name, site);
    return site;
  };
  for (const server of nameServers) await names.listen(server);
  for (const { name, at, ports } of hosts) {
    names.set(name, { A: [at.filter((a) => !a.includes(':'))], AAAA: [at.filter((a) => a.includes(':'))] });
    for (const [port, service] of Object.entries(ports)) {
      const [scheme = '', what = ''] = service.split(':');
      for (const address of at) {
        const server =
          scheme === 'tcp'
            ? tcpServer(what)
            : serving(scheme === 'https' ? createHttps(identityOf(directory, name)) : createHttp(), siteOf(what));
        await listen(server, address, Number(port));
      }
    }
  }
}

function serving(server: HttpServer, site: Site): HttpServer {
  const note = ({ headers, method = '', url = '' }: IncomingMessage): void =>
    void requests.push({ host: headers.host ?? '', method, url, headers });
  server.on('request', (request, response) => {
    note(request);
    // Who goes away in the middle is not this world's trouble.
    void Promise.resolve(site.answer(request, response)).catch(() => response.destroy());
  });
  server.on('upgrade', (request, socket, head) => {
    note(request);
    if (site.upgrade === undefined) socket.destroy();
    else site.upgrade(request, socket, head);
  });
  return server;
}

async function listen(server: Server, address: string, port: number): Promise<void> {
  server.on('connection', () => connections.push(`${address}:${port}`));
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, address, resolve));
}

function obey(order: Order): Seen | null {
  if (order.kind === 'name') names.set(order.name, order.answers);
  if (order.kind === 'forget') for (const list of [names.asked, connections, requests]) list.length = 0;
  return order.kind === 'seen' ? { questions: names.asked, connections, requests } : null;
}

process.once('message', (first: Start) => {
  void start(first).then(
    () => {
      process.on('message', (order: Order) => void process.send?.({ answer: obey(order) }));
      process.send?.({ answer: null });
    },
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
});
process.once('disconnect', () => process.exit(0));
