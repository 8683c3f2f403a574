import { mkdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Canaries } from '../support/canaries.ts';
import { inventory } from '../support/inventory.ts';
import { jailed, type Ran, temporary } from '../support/jail.ts';
import { settled, snapshot } from '../support/machine.ts';

/**
 * Looks everywhere by every sense there is. In front of each sense it puts what that sense has to find: the plain canary, which it has
 * from the workspace. The search term is no match for itself, because programs and this script are searched as well.
 */
const look = ({ stem, since }: Canaries): string => `
  plain=$(cat plain.txt)
  mkdir "/tmp/$plain" && echo "$plain" > "/tmp/$plain/file"
  SEEN=$plain sleep 30 & echo $! > /tmp/pids
  perl -MSocket -e 'socket(S, AF_UNIX, SOCK_STREAM, 0) && bind(S, pack_sockaddr_un("\\0$ARGV[0]")) && listen(S, 1) or die $!;
    open F, ">/tmp/ready"; close F; sleep 30' "$plain" & echo $! >> /tmp/pids
  until test -e /tmp/ready; do sleep 0.01; done
  new() { find / '(' -path /proc -o -path /sys ')' -prune -o -newerct @${since} "$@"; }
  echo '== variables';  env
  echo '== environs';   for file in /proc/[0-9]*/environ; do tr '\\0' '\\n' < "$file"; done
  echo '== arguments';  for file in /proc/[0-9]*/cmdline; do tr '\\0' '\\n' < "$file"; done
  echo '== names';      new -print
  echo '== contents';   new -type f -exec grep -ahs '[${stem[0]}]${stem.slice(1)}' {} +
  echo '== sockets';    cat /proc/net/unix
  echo '== mounts';     cat /proc/self/mountinfo; mount
  echo '== git';        cat .git/config .git/credentials; git config --list; ls .git
  echo '== lists';      ls -la / /run /home /root /tmp /var/tmp /dev /dev/shm /etc
  kill $(cat /tmp/pids)
  echo '== facts'
  grep -E '^(Uid|Gid|Groups|Cap...|NoNewPrivs|Seccomp):' /proc/self/status
  echo "uid_map: $(cat /proc/self/uid_map)"
  echo "hostname: $(cat /proc/sys/kernel/hostname) $(cat /etc/hostname) $(uname -n)"
  echo "shadow: $(cat /etc/shadow 2>&1)"
  echo "init: $(cat /proc/1/environ 2>&1)"
  echo "machine-id: $(cat /etc/machine-id | wc -c)"
  for name in pid net mnt ipc uts cgroup; do echo "$name: $(readlink /proc/self/ns/$name)"; done
  for place in /run /home /root /mnt /dev; do echo "$place:" $(ls -A $place | sort); done
  echo "network:" $(grep -c : /proc/net/dev) $(cat /proc/net/route | wc -l)
  echo "devices:" $(find /dev ! -type d ! -type l ! -type c ! -type p 2>/dev/null)
  echo '== end'`;
const SENSES = ['variables', 'environs', 'arguments', 'names', 'contents', 'sockets', 'mounts', 'git', 'lists', 'facts', 'end'];
const policy = (planted: Canaries, more = ''): string =>
  [
    'version: 1',
    `env: { PLAIN: ${planted.plain} }`,
    `mounts: [{ source: ${join(planted.place, 'listed')}, target: /mnt/${planted.plain} }${more}]`,
    'limits: { disk: 64MiB, memory: 512MiB, time: 1m }',
  ].join('\n');

/** What each sense printed. */
function sensed({ transcript }: Ran): Map<string, string> {
  const parts = transcript.split(/^== (\w+)\n/m).slice(1);
  return new Map(parts.flatMap((part, i) => (i % 2 === 0 ? [[part, parts[i + 1] ?? ''] as const] : [])));
}

describe('a jail on a machine full of secrets', () => {
  const place = temporary();
  let planted: Canaries;
  let ran: Ran;
  let seen: Map<string, string>;
  const fact = (name: string): string => new RegExp(`^${name}:[ \\t]*(.*)$`, 'm').exec(seen.get('facts') ?? '')?.[1] ?? 'absent';

  beforeAll(async () => {
    mkdirSync(join(place.path, 'listed'));
    planted = await Canaries.plant(place.path);
    ran = await jailed(place.path, look(planted), { policy: policy(planted), env: planted.env });
    seen = sensed(ran);
  });
  afterAll(async () => {
    await planted[Symbol.asyncDispose]();
    place[Symbol.dispose]();
  });

  test('every sense works: it finds what may be seen', () => {
    expect(ran.code, ran.stderr).toBe(0);
    expect([...seen.keys()]).toEqual(SENSES);
    for (const sense of ['variables', 'environs', 'arguments', 'names', 'contents', 'sockets', 'mounts', 'lists'])
      expect(seen.get(sense), sense).toContain(planted.plain);
    expect(seen.get('git')).toContain('github.com/octo/repo');
  });

  test('none of them finds a secret of the host', () => {
    expect(planted.hidden.size).toBeGreaterThan(30);
    expect(planted.foundIn(ran.transcript)).toEqual([]);
    // Nor any that was not thought of: all begin alike.
    const found = ran.transcript.match(new RegExp(`${planted.stem}\\w*`, 'g'));
    expect([...new Set(found)]).toEqual([planted.plain]);
  });

  test('the same search finds a secret once the policy lists its directory, and that one only', async () => {
    const listed = await jailed(place.path, look(planted), { policy: policy(planted, `, ${planted.beside}`), env: planted.env });
    expect(listed.code, listed.stderr).toBe(0);
    expect(planted.foundIn(listed.transcript)).toEqual(['a file beside the workspace']);
    expect(sensed(listed).get('contents')).toContain(readFileSync(join(planted.beside, 'file'), 'utf8'));
  });

  test('the agent is nobody: an id of its own, no capability, no group, no way to more', () => {
    const id = ran.run.proof?.find(({ property }) => property === 'uid')?.seen.split('\t')[0] ?? '';
    expect(Number(id)).toBeGreaterThan(1000);
    expect([fact('Uid'), fact('Gid')]).toEqual(Array(2).fill(Array(4).fill(id).join('\t')));
    // Its own group once more, as every backend gives it: no other.
    expect(fact('Groups').trim()).toBe(id);
    for (const set of ['CapInh', 'CapPrm', 'CapEff', 'CapBnd', 'CapAmb']) expect(fact(set)).toBe('0000000000000000');
    expect([fact('NoNewPrivs'), fact('Seccomp')]).toEqual(['1', '2']);
    expect(fact('uid_map')).toMatch(/^ *0 +0 +4294967295$/);
    expect(fact('init')).toMatch(/Permission denied$/);
    expect(fact('shadow')).toMatch(/No such file or directory$/);
  });

  test('the jail is a machine of its own', () => {
    const hostname = `jail-${ran.run.id.slice(-8).toLowerCase()}`;
    expect(fact('hostname')).toBe(`${hostname} ${hostname} ${hostname}`);
    for (const name of ['pid', 'net', 'mnt', 'ipc', 'uts', 'cgroup']) {
      expect(fact(name)).toMatch(new RegExp(`^${name}:\\[\\d+\\]$`));
      expect(fact(name)).not.toBe(readlinkSync(`/proc/self/ns/${name}`));
    }
    expect(fact('machine-id')).toBe('0');
    expect(fact('network')).toBe('1 1'); // loopback; a header and no route
  });

  test('its places hold what the jail has and nothing else', () => {
    expect(fact('/run')).toBe('agent-jail host');
    expect(fact('/home')).toBe('agent');
    expect(fact('/root')).toBe('');
    expect(fact('/mnt')).toBe(planted.plain);
    expect(fact('/dev').split(' ').filter((name) => name !== 'console')).toEqual(
      ['char', 'fd', 'full', 'mqueue', 'net', 'null', 'ptmx', 'pts', 'random', 'shm', 'stderr', 'stdin', 'stdout', 'tty', 'urandom', 'zero'],
    ); // biome-ignore format: a list
    expect(fact('devices')).toBe(''); // no block device, no socket
    const targets = [...(seen.get('mounts') ?? '').matchAll(/^\d+ \d+ \S+ \S+ (\S+) /gm)].map(([, target = '']) => target);
    const own = targets.filter((target) => !/^\/(proc|sys|dev|run)(\/|$)/.test(target));
    expect(own.toSorted()).toEqual(
      ran.run.proof
        ?.flatMap(({ property }) => /^mount (\/.*)$/.exec(property)?.slice(1) ?? [])
        .filter((target) => !target.startsWith('/run/'))
        .toSorted(),
    );
    expect(own).toEqual(expect.arrayContaining(['/', '/usr', '/home/agent', `/mnt/${planted.plain}`, planted.work]));
  });
});

test('an agent that writes, renames and deletes wherever it can changes nothing on the host', async () => {
  using place = temporary();
  await using planted = await Canaries.plant(place.path);
  for (const name of ['listed', 'given'])
    for (const directory of ['', 'old', 'empty']) {
      mkdirSync(join(place.path, name, directory), { recursive: true });
      writeFileSync(join(place.path, name, directory, 'file'), 'as it was\n', { mode: 0o666 });
    }
  const roots = [planted.work, planted.beside, join(place.path, 'listed'), join(place.path, 'given')];
  const before = roots.map((root) => inventory(root));
  const machine = snapshot();
  const ran = await jailed(
    place.path,
    `spoil() { cd "$1" || exit 1
       echo new > new; echo more >> file; chmod 777 file .; mv old renamed; rm -r empty; ln file hard; ln -s /etc soft; touch -d 2001-01-01 file renamed; }
     spoil /mnt/given; spoil "$OLDPWD/src" 2>/dev/null; cd "$(dirname "$PWD")"; echo x >> a.txt; rm -rf .git src; echo y > .gitignore
     cd /mnt/listed; for try in 'echo x > new' 'echo x >> file' 'rm file' 'mv old other' 'chmod 777 file'; do sh -c "$try" && echo "DONE $try"; done
     for file in /usr/bin/env /etc/passwd /usr/lib; do echo x 2>/dev/null > $file; rm -rf $file; mv $file $file.old; chmod 777 $file; done 2>/dev/null
     ls /mnt/given; ls "$OLDPWD"; echo finished`,
    {
      env: planted.env,
      policy: [
        'limits: { disk: 64MiB, memory: 512MiB, time: 1m }',
        `mounts: [{ source: ${place.path}/listed, target: /mnt/listed }, { source: ${place.path}/given, target: /mnt/given, access: copy-on-write }]`,
      ].join('\n'),
    },
  );
  expect(ran.transcript).toMatch(/hard\nnew\nrenamed\nsoft\n/);
  expect(ran.transcript).toMatch(/finished\n$/);
  expect(ran.transcript).not.toContain('DONE');
  expect(ran.transcript.match(/Read-only file system/g)).toHaveLength(5);
  const changes = ran.ndjson('changes.ndjson').map(({ layer, op, path }) => [layer, op, path].map(String).join(' '));
  expect(changes).toEqual(
    expect.arrayContaining([
      'root added mnt/given/new',
      'root deleted mnt/given/empty',
      'workspace modified a.txt',
      'workspace deleted src',
    ]),
  );
  expect(changes.filter((change) => change.includes('mnt/listed') || change.includes(' usr/'))).toEqual([]);
  expect(roots.map((root) => inventory(root))).toEqual(before);
  expect(await settled(machine)).toEqual([]);
});
