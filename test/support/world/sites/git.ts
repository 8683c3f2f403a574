import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { send, type Site } from './site.ts';

const PATH = '/usr/bin:/bin';

/** Git's own server (git-http-backend(1)) with one repository, `/tiny.git`, that holds one file: `git works`. */
export function git(directory: string): Site {
  const work = join(directory, 'git-work');
  const root = join(directory, 'git');
  mkdirSync(work);
  writeFileSync(join(work, 'file'), 'git works\n');
  const run = (...args: string[]) =>
    execFileSync('git', args, { cwd: work, env: { PATH, HOME: '/nonexistent', GIT_CONFIG_NOSYSTEM: '1' }, stdio: 'pipe' });
  run('init', '--quiet', '--initial-branch=main');
  run('add', 'file');
  run('-c', 'user.name=t', '-c', 'user.email=t@example.com', 'commit', '--quiet', '--message=base');
  run('clone', '--quiet', '--bare', work, join(root, 'tiny.git'));
  return { answer: (request, response) => cgi(root, request, response) };
}

/** RFC 3875, as far as git needs it. */
function cgi(root: string, request: IncomingMessage, response: ServerResponse): void {
  const [path = '/', query = ''] = (request.url ?? '').split('?');
  const { 'content-type': type = '', 'content-encoding': encoding = '', 'git-protocol': protocol = '' } = request.headers;
  const child = spawn('git', ['http-backend'], {
    env: {
      PATH,
      GIT_PROJECT_ROOT: root,
      GIT_HTTP_EXPORT_ALL: '1',
      GIT_PROTOCOL: String(protocol),
      PATH_INFO: path,
      QUERY_STRING: query,
      REQUEST_METHOD: request.method ?? 'GET',
      CONTENT_TYPE: type,
      HTTP_CONTENT_ENCODING: encoding,
    },
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  child.stdin.on('error', () => {});
  request.pipe(child.stdin);
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  child.on('close', () => {
    const said = Buffer.concat(chunks);
    const end = said.indexOf('\r\n\r\n');
    const head = Object.fromEntries(
      said
        .toString('latin1', 0, Math.max(end, 0))
        .split('\r\n')
        .map((line) => line.split(': ')),
    ) as Record<string, string>;
    send(response, Number.parseInt(head['Status'] ?? '200', 10), head['Content-Type'] ?? 'text/plain', said.subarray(end + 4));
  });
}
