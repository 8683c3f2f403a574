import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { check, fact, type Topic } from './topic.ts';

const ways = (fd: 1 | 2): string[] => [`/dev/${fd === 1 ? 'stdout' : 'stderr'}`, `/dev/fd/${fd}`, `/proc/self/fd/${fd}`];
const bytes = Buffer.from(Array.from({ length: 256 }, (_, n) => n));

export const STDIO: Topic = {
  name: 'streams',
  steps: [
    {
      name: 'checks',
      checks: [
        check('stdin is empty', 'wc -c; readlink /proc/self/fd/0', '0\n/dev/null\n'),
        check('stdin ends at once', 'read x; echo $?', '1\n'),
        check(
          'there is no terminal',
          'tty; ( : < /dev/tty ) 2>/dev/null || echo none; [ -t 0 ] || [ -t 1 ] || [ -t 2 ] || echo neither',
          'not a tty\nnone\nneither\n',
        ),
        check('nothing else is open', 'ls /proc/self/fd | tr "\\n" " "', '0 1 2 3 '),
        ...[1 as const, 2 as const].flatMap((fd) =>
          ways(fd).flatMap((way) => [
            check(`${way} can be written to`, `echo to it > ${way}`, 'to it\n'),
            check(`${way} can be appended to`, `echo to it >> ${way}; printf more >> ${way}`, 'to it\nmore'),
          ]),
        ),
        check('it cannot be read back', '( cat < /dev/stdout ) 2>/dev/null || echo refused', 'refused\n'),
        check('it cannot be made readable', 'chmod 666 /proc/self/fd/1 2>/dev/null || echo refused', 'refused\n'),
        check('no line end at the end', 'printf none', 'none'),
        check(
          'both in order',
          `perl -e '$| = 1; select STDERR; $| = 1; print { $_ % 2 ? STDOUT : STDERR } "$_ " for 1 .. 500'`,
          `${Array.from({ length: 500 }, (_, n) => n + 1).join(' ')} `,
        ),
        check('a closed stream is not an end', 'exec >&-; echo lost 2>/dev/null; echo kept >&2', 'kept\n'),
      ],
    },
    { name: 'bytes', run: `perl -e 'binmode STDOUT; print map chr, 0 .. 255'` },
    { name: 'many', run: `perl -e 'print "x" x 1023, "\\n" for 1 .. 10240'` },
    { name: 'answer', run: 'printf "an answer\\n" > "$AGENT_JAIL_RESULT"; stat -c "%U %a %s" "$AGENT_JAIL_RESULT"' },
  ],
  record: [
    fact('all 256 bytes arrive as they are', (ran) => expect(readFileSync(join(ran.out, 'transcript.log')).includes(bytes)).toBe(true)),
    fact('10 MiB arrive whole', (ran) => {
      const log = readFileSync(join(ran.out, 'transcript.log'));
      const at = log.indexOf(bytes) + bytes.length;
      const line = `${'x'.repeat(1023)}\n`;
      const hash = (data: Buffer | string): string => createHash('sha256').update(data).digest('hex');
      expect(hash(log.subarray(at, at + (10 << 20)))).toBe(hash(line.repeat(10_240)));
      expect(log.subarray(at + (10 << 20)).toString()).toBe('agent 600 10\n');
      expect(ran.run.steps.map(({ exit }) => exit?.bytes).slice(1)).toEqual([256, 10 << 20, 13]);
    }),
    fact('the answer is in the record', (ran) => expect(ran.text('result.txt')).toBe('an answer\n')),
  ],
};
