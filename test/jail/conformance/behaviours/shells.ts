import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { fact, type Topic } from './topic.ts';

const SHOW = 'echo "$0 $#" | sed "s|/[^ ]*/||"; echo "$-" | grep -o e; ( set -o | grep -w pipefail ) || echo no pipefail';
export const SHELLS: Topic = {
  name: 'shells',
  prepare: (work) => writeFileSync(join(work, 'interpreter'), '#!/bin/sh\necho "interpreter: $#"; exec cat "$2"\n', { mode: 0o755 }),
  steps: [
    { name: 'none named', shell: 'bash -e {0}', run: SHOW },
    { name: 'bash', shell: 'bash', run: SHOW },
    { name: 'sh', shell: 'sh', run: SHOW },
    { name: 'perl', shell: 'perl {0}', run: 'print "perl $0\\n"' },
    { name: 'a program of the workspace', shell: './interpreter -x {0} "two words"', run: 'the script' },
    { name: 'quotes', shell: 'sh', run: `echo "it's" '"double"' \\$HOME \`echo back\` $(echo a  b)\necho 'é ✓ 漢'` },
    { name: 'lines', shell: 'bash', run: 'cat <<END\na\n\n  b\nEND' },
  ],
  record: [
    fact('each shell as the runner starts it', (ran) =>
      expect(ran.transcript.split('\n')).toEqual([
        'step-0.sh 0',
        'e',
        expect.stringMatching(/^pipefail\s+off$/),
        'step-1.sh 0',
        'e',
        expect.stringMatching(/^pipefail\s+on$/),
        'step-2.sh 0',
        'e',
        expect.stringMatching(/no pipefail|^pipefail\s+off$/),
        'perl /run/agent-jail/step-3',
        'interpreter: 3',
        'the script',
        `it's "double" $HOME back a b`,
        'é ✓ 漢',
        'a',
        '',
        '  b',
        '',
      ]),
    ),
  ],
};
