import { expect, test } from 'vitest';
import { outermost } from '../../../src/run/again.ts';
import { parseMountinfo } from '../../../src/system/proc.ts';

const BEFORE = `22 1 254:0 / / rw - ext4 /dev/vda rw
23 22 0:20 / /proc rw - proc proc rw
47 22 0:7 / /sys rw - sysfs sysfs rw
`;
const LATER = `99 47 0:13 / /sys/kernel/tracing rw - tracefs tracefs rw
100 22 0:50 / /var/lib/agent-jail/work rw - tmpfs agent-jail rw
101 100 7:3 / /var/lib/agent-jail/work/scratch rw - ext4 /dev/loop3 rw
102 101 0:51 / /var/lib/agent-jail/work/merged/root\\040dir rw - overlay overlay rw
103 22 0:52 / /run/systemd rw - tmpfs agent-jail rw
104 103 0:53 / /run/systemd/agent-jail-collect rw - tmpfs agent-jail rw
`;
const ids = new Set(parseMountinfo(BEFORE).map(({ id }) => id));

test('what stands on a mount that was there before, and nothing that is inside of it', () => {
  expect(outermost(ids, parseMountinfo(BEFORE + LATER))).toEqual(['/sys/kernel/tracing', '/var/lib/agent-jail/work', '/run/systemd']);
});
test('nothing where nothing came', () => {
  expect(outermost(ids, parseMountinfo(BEFORE))).toEqual([]);
});
