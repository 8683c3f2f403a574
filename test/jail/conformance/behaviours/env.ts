import { expect } from 'vitest';
import { check, fact, type Topic } from './topic.ts';

const ODD: Readonly<Record<string, string>> = {
  ODD_EMPTY: '',
  ODD_BLANKS: '  two  blanks  ',
  ODD_QUOTES: `'single' "double" \`back\` \\ $HOME $(id)`,
  ODD_LINES: 'one\ntwo\r\n\tthree\n',
  ODD_UNICODE: 'é ✓ 漢字 🙂',
  ODD_EQUALS: '=a=b=',
  ODD_COMMA: 'a,b:c;d|e&f',
  ODD_LONG: 'x'.repeat(100_000),
};

export const ENV: Topic = {
  name: 'environment',
  policy: { env: ODD, 'pass-env': ['PASSED', 'ABSENT'], secrets: { API_KEY: 'expose' } },
  env: { PASSED: 'on', API_KEY: 'a-key-of-this-test', NOT_NAMED: 'x', HOSTNAME: 'callers', LD_PRELOAD: '', SHLVL: '7' },
  steps: [
    {
      name: 'all',
      shell: 'perl {0}',
      env: { OWN: "it's", PASSED: 'the step has the last word', TZ: 'Europe/Berlin' },
      run: 'for (sort keys %ENV) { my $v = $ENV{$_}; $v = length($v) . " x" if length $v > 9999; $v =~ s/\\n/\\\\n/g; $v =~ s/\\r/\\\\r/g; print "$_=$v\\n" }',
    },
    {
      name: 'checks',
      checks: [
        check(
          'what a container adds is not there',
          'env | grep -iE "^(hostname|container|notify|listen_|docker|invocation|journal|system)" | cat',
          '',
        ),
        check('programs are found', 'for p in sh cat perl; do command -v $p; done | sed "s|.*/||"', 'sh\ncat\nperl\n'),
        check('the language', 'locale 2>/dev/null | grep -c C.UTF-8; printf %s é | wc -m', /^\d+\n1\n$/),
      ],
    },
  ],
  record: [
    fact('exactly what every step has, what the policy names, and the step’s own', (ran) => {
      const [all = ''] = ran.transcript.split('== begin');
      expect(
        all
          .trimEnd()
          .split('\n')
          .filter((line) => !line.startsWith('PATH=')),
      ).toEqual([
        'AGENT_JAIL=1',
        'AGENT_JAIL_RESULT=/run/agent-jail/result',
        'API_KEY=[redacted API_KEY]',
        'APT_CONFIG=/run/agent-jail/apt.conf',
        'CI=true',
        'HOME=/home/agent',
        'LANG=C.UTF-8',
        'LOGNAME=agent',
        'ODD_BLANKS=  two  blanks  ',
        'ODD_COMMA=a,b:c;d|e&f',
        'ODD_EMPTY=',
        'ODD_EQUALS==a=b=',
        'ODD_LINES=one\\ntwo\\r\\n\tthree\\n',
        'ODD_LONG=100000 x',
        `ODD_QUOTES='single' "double" \`back\` \\ $HOME $(id)`,
        'ODD_UNICODE=é ✓ 漢字 🙂',
        "OWN=it's",
        'PASSED=the step has the last word',
        'PIP_RETRIES=1',
        'SHELL=/bin/sh',
        'TERM=dumb',
        'TMPDIR=/tmp',
        'TZ=Europe/Berlin',
        'USER=agent',
        'npm_config_fetch_retry_maxtimeout=1000',
        'npm_config_fetch_retry_mintimeout=100',
      ]);
    }),
  ],
};
