import { World } from './test/support/world/world.ts';
import { repository, temporary } from './test/support/jail.ts';
import { readFileSync } from 'node:fs';
using place = temporary();
repository(place.path);
await using world = await World.create({ 'any.world.test': 'web', 'down.world.test': 'down' });
const ran = await world.jailed(place.path, process.argv[3]!, { policy: process.argv[2]! });
console.log(ran.code, ran.stderr, ran.transcript);
console.log(readFileSync(ran.out + '/network.ndjson', 'utf8'));
