import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { jailed, repository, temporary } from '../support/jail.ts';

// What a filter of system calls could break, in programs that people use: threads, children, event loops, locks, the network of one's own.

/** Files of programs that the machine has, first one found; the test's set-up brings the packages. */
function found(...paths: readonly string[]): string {
  const path = paths.find((one) => existsSync(one));
  if (path === undefined) throw new Error(`none of ${paths.join(', ')} is here: npm run setup -- --for test`);
  return path;
}
/** Go's own runtime tells the kernel that it needs threads, timers and a poller: the engine's programs are of Go. */
const GO = [found('/usr/bin/docker', '/usr/local/bin/docker'), found('/usr/bin/runc', '/usr/sbin/runc', '/usr/local/bin/runc')] as const;

const PYTHON = `
import asyncio, concurrent.futures, mmap, multiprocessing, os, signal, socket, sqlite3, subprocess, tempfile, threading, time
def square(n): return n * n
if __name__ == "__main__":
    said = []
    lock, seen = threading.Lock(), []
    threads = [threading.Thread(target=lambda: (lock.acquire(), seen.append(1), lock.release())) for _ in range(20)]
    [t.start() for t in threads]; [t.join() for t in threads]
    said.append(f"threads {len(seen)}")
    with multiprocessing.Pool(2) as pool: said.append(f"processes {sum(pool.map(square, range(10)))}")
    with concurrent.futures.ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as pool: said.append(f"spawned {sum(pool.map(square, range(4)))}")
    async def serve():
        async def echo(reader, writer):
            writer.write(await reader.read(9)); await writer.drain(); writer.close()
        server = await asyncio.start_server(echo, "127.0.0.1", 0)
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        writer.write(b"over tcp"); answer = await reader.read(); writer.close(); server.close()
        process = await asyncio.create_subprocess_exec("echo", "child", stdout=subprocess.PIPE)
        return answer.decode() + " " + (await process.communicate())[0].decode().strip()
    said.append("asyncio " + asyncio.run(serve()))
    db = sqlite3.connect(os.path.join(tempfile.mkdtemp(), "x.db")); db.execute("pragma journal_mode=wal"); db.execute("create table t(a)"); db.execute("insert into t values (7)"); db.commit()
    said.append(f"sqlite {db.execute('select sum(a) from t').fetchone()[0]}")
    shared = mmap.mmap(-1, 4096); shared[:2] = b"ok"; said.append("mmap " + shared[:2].decode())
    said.append("memfd " + str(os.write(os.memfd_create("x"), b"1234")))
    left, right = socket.socketpair(); left.send(b"x"); said.append("socketpair " + right.recv(1).decode())
    signal.setitimer(signal.ITIMER_REAL, 0.01); signal.signal(signal.SIGALRM, lambda *_: said.append("alarm")); time.sleep(0.1)
    said.append("affinity" if os.sched_getaffinity(0) else "none")
    print("; ".join(said))
`;
const NODE_PROGRAM = `
import { Worker } from 'node:worker_threads';
import { execFileSync, fork } from 'node:child_process';
import { createServer, connect } from 'node:net';
import { watch, writeFileSync, mkdtempSync } from 'node:fs';
const once = (emitter, name) => new Promise((resolve) => emitter.once(name, resolve));
const said = [await once(new Worker('require("node:worker_threads").parentPort.postMessage("worker")', { eval: true }), 'message')];
said.push(execFileSync('echo', ['child'], { encoding: 'utf8' }).trim());
const server = createServer((socket) => socket.end('over tcp')).listen(0, '127.0.0.1');
await once(server, 'listening');
said.push(String(await once(connect(server.address().port, '127.0.0.1'), 'data')));
server.close();
const directory = mkdtempSync('/tmp/w-');
const watcher = watch(directory);
const changed = once(watcher, 'change');
writeFileSync(directory + '/f', '');
await changed; watcher.close();
said.push('watched', String(new Intl.DateTimeFormat('en', { timeZone: 'UTC', year: 'numeric' }).format(0)), crypto.randomUUID().length);
console.log(said.join('; '));
`;

/** Each prints its answer as one line. */
const SCRIPT = `
set -e
mkdir -p /tmp/l && cd /tmp/l
cat > p.py <<'END'
${PYTHON}
END
cat > n.mjs <<'END'
${NODE_PROGRAM}
END
say() { printf '%s: ' "$1"; shift; "$@" 2>&1 | tr '\\n' ' '; echo; }
say python python3 p.py
say venv sh -c 'python3 -m venv --without-pip v && v/bin/python -c "print(6 * 7)"'
say node node n.mjs
mkdir -p pkg/own && printf '{"name":"own","version":"1.2.3","bin":"own.js"}' > pkg/own/package.json && printf '#!/usr/bin/env node\\nconsole.log("own runs")' > pkg/own/own.js
say npm sh -c 'npm pack --silent ./pkg/own && mkdir -p app && cd app && npm init -y > /dev/null && npm install --silent --offline --no-audit --no-fund ../own-1.2.3.tgz && npm exec --offline own'
say git sh -c 'git init -q -b main r && cd r && git config user.email a@b && git config user.name n && echo 1 > f && git add f && git commit -qm one && git mv f g && git commit -qm two && git gc -q && cd .. && git clone -q r c && git -C c log --oneline --format=%s && git -C c worktree add -q ../w && ls w'
say go sh -c '${GO[0]} --version | cut -d " " -f 1-3 | tr -d 0-9; ${GO[1]} --version | head -n 1 | cut -d " " -f 1-2'
say perl perl -MSocket -e 'socketpair(my $a, my $b, AF_UNIX, SOCK_STREAM, 0) or die $!; my $p = fork; if (!$p) { syswrite $a, "from a child"; exit } sysread $b, my $x, 99; waitpid $p, 0; print $x'
`;

describe.each(['nspawn', 'docker'] as const)('%s: programs of people work', (backend) => {
  test('python, node, npm, git, go and perl', { timeout: 180_000 }, async () => {
    using place = temporary();
    repository(place.path);
    const policy = 'limits: { disk: 512MiB, memory: 2GiB, time: 150s }\n';
    const ran = await jailed(place.path, SCRIPT, { policy, args: ['--backend', backend] });
    expect(`${ran.transcript}${ran.stderr}`.split('\n').slice(0, 7)).toEqual([
      'python: threads 20; processes 285; spawned 14; asyncio over tcp child; sqlite 7; mmap ok; memfd 4; socketpair x; alarm; affinity ',
      'venv: 42 ',
      'node: worker; child; over tcp; watched; 1970; 36 ',
      'npm: own-1.2.3.tgz own runs ',
      'git: two one g ',
      expect.stringMatching(/^go: Docker version \S+ runc version $/),
      'perl: from a child',
    ]);
    expect(ran.run.backend.name).toBe(backend);
    // They were programs of Go.
    for (const path of GO) expect(readFileSync(realpathSync(path)).includes('runtime.goexit')).toBe(true);
  });
});
