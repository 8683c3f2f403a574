import { expect } from 'vitest';
import { check, fact, type Topic } from './topic.ts';

/** A server and a client of the agent's own. */
const OWN = (address: string, domain: string, port: number): string => `perl -MSocket=:all -e '
  my $a = ${domain === 'PF_INET' ? `sockaddr_in(${port}, inet_aton("${address}"))` : `sockaddr_in6(${port}, inet_pton(AF_INET6, "${address}"))`};
  socket my $s, ${domain}, SOCK_STREAM, 0 or die $!; bind $s, $a or die $!; listen $s, 5 or die $!;
  if (!fork) { socket my $c, ${domain}, SOCK_STREAM, 0; connect $c, $a or die $!; syswrite $c, "hello\\n"; exit }
  accept my $n, $s or die $!; print scalar <$n>; wait'`;

export const NETWORK: Topic = {
  name: 'network, closed',
  steps: [
    {
      name: 'checks',
      checks: [
        check('a name is not found', 'getent hosts example.com; echo $?', '2\n'),
        check(
          'at once',
          's=$(date +%s%N); getent hosts slow.example; e=$(date +%s%N); [ $(((e - s) / 1000000)) -lt 1500 ] && echo at once',
          'at once\n',
        ),
        check('localhost is', 'getent hosts localhost | cut -d " " -f 1', /^(::1|127\.0\.0\.1)\n$/),
        check('its own name is', 'getent hosts "$(hostname)" | cut -d " " -f 1', '127.0.0.1\n'),
        check(
          'a request is answered by a refusal',
          'curl -sS --max-time 5 http://93.184.215.14/ | head -n 1',
          /is not allowed by the policy/,
        ),
        check('TLS is refused', 'curl -sS --max-time 5 https://93.184.215.14/ 2>/dev/null; [ $? -ne 0 ] && echo refused', 'refused\n'),
        check(
          'other ports are refused',
          `perl -MIO::Socket::INET -e 'IO::Socket::INET->new(PeerAddr => "93.184.215.14:2222", Timeout => 5) or print "$@\\n"'`,
          /Connection refused/,
        ),
        check('no echo', '( command -v ping > /dev/null && ping -c 1 -W 1 93.184.215.14 > /dev/null 2>&1 ) || echo none', 'none\n'),
        check('interfaces', 'tail -n +3 /proc/net/dev | cut -d : -f 1 | tr -d " "', 'lo\n'),
        check('routes', 'tail -n +2 /proc/net/route; grep -v " lo$" /proc/net/ipv6_route | cat', ''),
        check('raw sockets', `perl -MSocket -e 'socket(my $s, PF_INET, SOCK_RAW, 1) or print "$!\\n"'`, 'Operation not permitted\n'),
        check('servers of its own', OWN('127.0.0.1', 'PF_INET', 8080), 'hello\n'),
        check('servers of its own, IPv6', OWN('::1', 'PF_INET6', 8081), 'hello\n'),
        check('servers of its own, on any address', OWN('0.0.0.0', 'PF_INET', 3000), 'hello\n'),
        check('abstract sockets are its own', 'tail -n +2 /proc/net/unix | wc -l', '0\n'),
        check('resolv.conf', 'cat /etc/resolv.conf', 'nameserver 127.0.0.1\noptions timeout:2 attempts:2\n'),
        check('hosts', 'sed "s/jail-.*/NAME/" /etc/hosts', '127.0.0.1 localhost NAME\n::1 ip6-localhost ip6-loopback\n'),
        check(
          'neither can be written',
          '( echo x >> /etc/hosts; echo x >> /etc/resolv.conf; echo x >> /etc/hostname ) 2>&1 | grep -c "Permission denied\\|Read-only"',
          '3\n',
        ),
      ],
    },
  ],
  record: [
    fact('the log has the question and the connection', (ran) => {
      const lines = ran.ndjson('network.ndjson');
      expect(lines.filter(({ verdict }) => verdict === 'allowed').map(({ reason }) => reason)).toEqual(
        lines.flatMap(({ name }) => (name === 'localhost' ? ['loopback'] : [])),
      );
      expect(lines).toContainEqual(expect.objectContaining({ name: 'example.com', kind: 'dns', verdict: 'denied' }));
      expect(lines).toContainEqual(expect.objectContaining({ address: '93.184.215.14', port: 80, verdict: 'denied' }));
      expect(lines).toContainEqual(expect.objectContaining({ address: '93.184.215.14', port: 443, verdict: 'denied' }));
    }),
  ],
};
