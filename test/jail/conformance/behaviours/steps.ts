import { expect } from 'vitest';
import { fact, type Topic } from './topic.ts';

const MARKS = '/tmp/mark $HOME/mark ./mark /var/tmp/mark';
const LOOK = `ls ${MARKS} /dev/shm/mark /run/mark 2>/dev/null | sed "s|.*/[w]ork/|./|" | tr "\\n" " "; echo "$PHASE"; ps -eo args= | grep -c "[s]leep 4712" || true`;

const ALL = './mark /home/agent/mark /tmp/mark /var/tmp/mark';

export const STEPS: Topic = {
  name: 'setup and steps',
  policy: { env: { PHASE: 'agent' }, setup: { env: { PHASE: 'setup' } } },
  steps: [
    {
      name: 'prepare',
      setup: true,
      run: `${LOOK}\nfor at in ${MARKS} /dev/shm/mark; do echo x > "$at"; done; sleep 4712 > /dev/null 2>&1 & sleep 0.1`,
    },
    { name: 'first', run: `${LOOK}\necho "#!/bin/sh\necho made by the first" > tool; chmod +x tool; umask 077; cd /; export LOST=1` },
    { name: 'second', run: `${LOOK}\n./tool; umask; echo "[$LOST]"; pwd | sed "s|.*/||"` },
  ],
  record: [
    fact('share files, and neither processes nor what a process has', (ran) =>
      expect(ran.transcript).toBe(`setup\n0\n${ALL} agent\n0\n${ALL} agent\n0\nmade by the first\n0022\n[]\nwork\n`),
    ),
    fact('are in the record one by one', (ran) =>
      expect(ran.run.steps.map(({ name, setup, exit }) => [name, setup, exit?.code])).toEqual([
        ['prepare', true, 0],
        ['first', false, 0],
        ['second', false, 0],
      ]),
    ),
    fact('without an answer: an empty one', (ran) => expect(ran.text('result.txt')).toBe('')),
  ],
};
