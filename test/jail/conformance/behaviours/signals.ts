import { expect } from 'vitest';
import { check, fact, type Topic } from './topic.ts';

export const SIGNALS: Topic = {
  name: 'signals',
  steps: [
    {
      name: 'checks',
      checks: [
        ...Object.entries({ HUP: 129, INT: 130, QUIT: 131, ABRT: 134, KILL: 137, SEGV: 139, TERM: 143, USR1: 138 }).map(([name, code]) =>
          check(`a child that SIG${name} ends`, `sh -c 'kill -${name} $$' 2>/dev/null; exit $?`, '', code),
        ),
        check('a trap', `trap 'echo trapped; exit 3' TERM; kill -TERM $$; echo never`, 'trapped\n', 3),
        check('an ignored signal', `trap '' TERM; kill -TERM $$; echo on`, 'on\n'),
        check(
          'no signal is ignored or blocked from the start',
          `grep -E '^Sig(Blk|Ign)' /proc/self/status | tr -d '\\t'`,
          'SigBlk:0000000000000000\nSigIgn:0000000000000000\n',
        ),
        check('SIGPIPE ends a writer', `bash -c 'yes | head -n 1; echo "\${PIPESTATUS[0]}"'`, 'y\n141\n'),
        check('a stopped child goes on', `sleep 0.1 & kill -STOP $!; kill -CONT $!; wait $!; echo $?`, '0\n'),
        check('the group of a child', `setsid -w sh -c 'sleep 60 & kill -TERM -$$' 2>/dev/null; echo $?`, '143\n'),
        check(
          'the first process of the jail stays',
          `kill -KILL 1 2>/dev/null; kill -STOP 1 2>/dev/null; sleep 0.1; echo still here`,
          'still here\n',
        ),
        check('orphans are buried', `sh -c 'sh -c "sleep 0.1 & exit" & exit'; sleep 0.4; ps -eo stat= | grep -c Z`, '0\n', 1),
      ],
    },
    {
      name: 'leaves',
      run: `(trap '' HUP TERM; setsid sleep 4711 & setsid sh -c 'while :; do sleep 1; done' & ) > /dev/null 2>&1; echo left behind`,
    },
    { name: 'next', run: `ps -eo args= | grep -c '[4]711\\|[w]hile' || true` },
  ],
  record: [
    fact('what a step leaves running is dead in the next, and holds nothing up', (ran) =>
      expect(ran.transcript).toMatch(/left behind\n0\n$/),
    ),
  ],
};
