import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { check, fact, type Topic } from './topic.ts';

export const PLACES: Topic = {
  name: 'directories and HOME',
  prepare: (work) => mkdirSync(join(work, 'src/two words'), { recursive: true }),
  steps: [
    {
      name: 'workspace',
      checks: [
        check(
          'the workspace, by the same path',
          'pwd | sed "s|.*/||"; [ "$(pwd)" = "$(pwd -P)" ] && [ "$(readlink /proc/self/cwd)" = "$PWD" ] && echo one path',
          'work\none path\n',
        ),
        check('OLDPWD is not there', 'echo "[$OLDPWD]"', '[]\n'),
        check('owned by the agent, writable', 'stat -c "%U %a" .; touch t && rm t && echo written', 'agent 755\nwritten\n'),
        check('above it there is nothing else', 'ls -A ..', 'work\n'),
        check('what is above it is not writable', 'touch ../t 2>&1 | sed "s/.*: //"', 'Permission denied\n'),
        check('HOME', 'echo $HOME; echo ~; cd && pwd', '/home/agent\n/home/agent\n/home/agent\n'),
        check('HOME is the agent’s and empty', 'ls -A ~; stat -c "%U %G %a" ~', 'agent agent 750\n'),
        check('HOME can be written', 'mkdir -p ~/.cache/x && echo x > ~/.cache/x/f && cat ~/.cache/x/f', 'x\n'),
        check('there is no other home', 'ls /home', 'agent\n'),
        check('an entry in passwd', 'getent passwd "$(id -u)"; whoami', /^agent:x:(\d+):\1:agent:\/home\/agent:\/bin\/sh\nagent\n$/),
        check('HOME without the variable', `env -u HOME perl -e 'print((getpwuid $<)[7], "\\n")'`, '/home/agent\n'),
        check('/tmp', 'ls -A /tmp | grep -v ^aj-test-; stat -c "%U %a" /tmp; f=$(mktemp) && rm "$f" && echo made', 'root 1777\nmade\n'),
        check('/dev/shm', 'stat -c "%a %T" -f /dev/shm > /dev/null; echo x > /dev/shm/x; cat /dev/shm/x', 'x\n'),
        check('/var/tmp', 'touch /var/tmp/t && echo written', 'written\n'),
      ],
    },
    { name: 'below', 'working-directory': 'src/two words', run: 'pwd | sed "s|.*work/||"; cd ../..; rm -r src' },
    { name: 'after', run: 'ls; [ -f ~/.cache/x/f ] && echo home is shared; ls /dev/shm' },
  ],
  record: [
    fact('a directory below the workspace, and what the next step sees', (ran) =>
      expect(ran.transcript.slice(ran.transcript.lastIndexOf('== end'))).toMatch(/^.*\nsrc\/two words\na\.txt\nhome is shared\n$/),
    ),
  ],
};
