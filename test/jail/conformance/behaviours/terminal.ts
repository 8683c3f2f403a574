import { expect } from 'vitest';
import type { Result } from './result.ts';
import { fact, type Topic } from './topic.ts';

const LOOK = `tty; stty size; echo "$TERM"; ls -l /dev/pts/0 | cut -c1-10; stat -c %U /dev/pts/0
[ -t 0 ] && [ -t 1 ] && [ -t 2 ] && echo all three; ( echo by name > /dev/tty )`;

/** What a step with a terminal sees of it. */
export const TERMINAL: Topic = {
  name: 'a terminal',
  steps: [
    { name: 'prepare', setup: true, tty: { rows: 50, columns: 132 }, run: LOOK },
    { name: 'usual', tty: true, run: LOOK },
    { name: 'narrow', tty: { columns: 40 }, env: { TERM: 'vt100' }, run: 'stty size; echo $TERM' },
    {
      name: 'input',
      shell: 'sh {0}',
      tty: true,
      run: `read line; echo "$? [$line]"; cat; wc -c
perl -e '-t STDIN or die; print defined(<STDIN>) ? "a line\\n" : "end $_\\n" for 1 .. 3'
( read line; echo "the terminal by name: $?" ) < /dev/tty`,
    },
    {
      name: 'signals',
      tty: true,
      run: `trap 'echo resized' WINCH; stty rows 30; stty size
perl -e '$t = "x" x 64; ioctl STDIN, 0x5401, $t; setpgrp; $SIG{TTOU} = sub { print "not in the background\\n"; exit }; ioctl STDIN, 0x5402, $t'
python3 -c 'import os; print(os.isatty(0), os.get_terminal_size(), os.tcgetpgrp(0) == os.getpgrp())' 2>/dev/null || echo none`,
    },
    { name: 'raw', tty: true, run: `stty raw; printf 'a\\nb'; stty sane; printf 'c\\n'` },
    { name: 'without', run: '[ -t 0 ] || [ -t 1 ] || echo none; ls /dev/pts | grep -v ptmx || true' },
    { name: 'others', tty: true, run: `script -qec 'tty; stty size' /dev/null < /dev/null | cat` },
    { name: 'fails', tty: true, run: `printf 'to the last'; exit 7` },
  ],
  record: [
    fact('has its size, in the record as well', (ran) =>
      expect(ran.run.steps.map(({ tty }) => tty)).toEqual([
        { rows: 50, columns: 132 },
        { rows: 24, columns: 80 },
        { rows: 24, columns: 40 },
        ...[0, 1, 2].map(() => ({ rows: 24, columns: 80 })),
        null,
        ...[0, 1].map(() => ({ rows: 24, columns: 80 })),
      ]),
    ),
    fact('is what a terminal is', (ran) => expect(printed(ran, 'usual')).toBe(seen(24, 80))),
    fact('is there for a setup step', (ran) => expect(printed(ran, 'prepare')).toBe(seen(50, 132))),
    fact('takes the TERM of the step', (ran) => expect(printed(ran, 'narrow')).toBe('24 40\r\nvt100\r\n')),
    fact('has no input: whoever reads a line gets end of file, each time', (ran) =>
      expect(printed(ran, 'input')).toBe('1 []\r\n0\r\nend 1\r\nend 2\r\nend 3\r\nthe terminal by name: 1\r\n'),
    ),
    fact('tells the foreground group of a change', (ran) =>
      expect(printed(ran, 'signals').replace(/True os\.terminal_size\(columns=80, lines=30\) True|none/, 'as it is')).toBe(
        'resized\r\n30 80\r\nnot in the background\r\nas it is\r\n',
      ),
    ),
    fact('is recorded as it is', (ran) => expect(printed(ran, 'raw')).toBe('a\nbc\r\n')),
    fact('is not there for a step without one', (ran) => expect(printed(ran, 'without')).toBe('none\n')),
    fact('lets programs make terminals of their own', (ran) =>
      expect(printed(ran, 'others').replace(/\r+\n/g, '\n')).toMatch(/^\/dev\/pts\/1\n\d+ \d+\n$/),
    ),
    fact('hands on the exit code, and loses no byte at the end', (ran) => {
      expect(ran.run.steps.at(-1)?.exit).toMatchObject({ code: 7, signal: null });
      expect(printed(ran, 'fails')).toBe('to the last');
    }),
  ],
};

const seen = (rows: number, columns: number): string =>
  ['/dev/pts/0', `${rows} ${columns}`, 'xterm-256color', 'crw--w----', 'agent', 'all three', 'by name', ''].join('\r\n');

/** What a step printed. */
function printed({ transcript, run: { steps } }: Result, name: string): string {
  const sizes = steps.map(({ exit }) => exit?.bytes ?? 0);
  const at = steps.findIndex((step) => step.name === name);
  const from = sizes.slice(0, at).reduce((sum, size) => sum + size, 0);
  return Buffer.from(transcript)
    .subarray(from, from + (sizes[at] ?? 0))
    .toString();
}
