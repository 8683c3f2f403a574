import { describe, expect, test } from 'vitest';
import { CLI, NODE } from '../support/jail.ts';
import { settled, snapshot } from '../support/machine.ts';
import { ground } from '../support/refused.ts';
import { ended } from '../support/spoiled.ts';

const CODE = '/var/lib/agent-jail/code';
/** A state directory of its own, but for the programs that were fetched. */
const FRESH =
  'T=/var/lib/agent-jail; mkdir -p $T/tools; mount --bind $T/tools /mnt; mount -t tmpfs -o mode=700 t $T; mkdir $T/tools; mount --move /mnt $T/tools';
/** Names of what is kept, without what says of which file it is. */
const KEPT = `ls ${CODE} | sed 's/\\(-[0-9a-f.]*\\)*$//' | tr '\\n' ' '`;

describe('compiled code', () => {
  test('is kept by the second run, of all that a run starts as root, and used from the third on; what was spoiled is not', async () => {
    using place = ground();
    const before = snapshot();
    const run = (name: string, flags = ''): string =>
      `"$@" ${flags} run --backend nspawn --policy ../policy.yml --out ../${name} -- sh -c 'echo printed; echo new > new.txt' >/dev/null; echo "${name} $?"`;
    const script = [
      FRESH,
      `set -- ${NODE} ${CLI}`,
      run('first'),
      `echo "[$(${KEPT})]"`,
      // The warden is there already, and has nothing to do.
      'echo "netwrok: none" > ../mistake.yml; "$@" run --backend nspawn --policy ../mistake.yml -- true 2>/dev/null; echo "mistake $?"',
      `echo "[$(${KEPT})]"`,
      run('second'),
      `echo "[$(${KEPT})] $(stat -c %a:%u ${CODE} ${CODE}/* | sort -u | tr '\\n' ' ')"`,
      `stat -c %n:%i ${CODE}/* > ../kept`,
      run('third'),
      `stat -c %n:%i ${CODE}/* | cmp - ../kept && echo 'as it was'`,
      // Not what V8 made, and what others may have written: compiled anew, and kept anew.
      `for file in ${CODE}/*; do echo spoiled > "$file"; done`,
      run('fourth'),
      `chmod 666 ${CODE}/*`,
      run('fifth'),
      `stat -c %a:%s ${CODE}/* | sed 's/:......$/:6 digits/' | sort -u`,
      run('sixth'),
    ].join('\n');
    const all = await ended(['unshare', '--mount', '--propagation', 'private', 'sh', '-uc', script], place.work);
    expect(all.stdout.trim().split('\n')).toEqual([
      'first 0',
      '[]',
      'mistake 2',
      '[]',
      'second 0',
      '[cli-run collector warden ] 600:0 700:0 ',
      'third 0',
      'as it was',
      'fourth 0',
      'fifth 0',
      '600:6 digits',
      'sixth 0',
    ]);
    expect(await settled(before)).toEqual([]);
  });
});
