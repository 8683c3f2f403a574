// results: A2-environment A2-files A2-report
// harmless
// The same from inside a program that starts no other: its own environment, files of /proc, the report that Node makes of itself.
import { readdirSync } from 'node:fs';
import { config, result, saw, slurp } from './lib/probe.mjs';

saw('A2-environment', Object.values(process.env).join('\n'));
for (const pid of ['self', ...readdirSync('/proc').filter((name) => /^\d+$/.test(name))]) {
  for (const file of ['environ', 'cmdline', 'task/1/environ', 'auxv', 'maps', 'mounts', 'mountinfo', 'cgroup'])
    saw('A2-files', slurp(`/proc/${pid}/${file}`));
}
for (const path of config('paths').split('\n')) saw('A2-files', slurp(path));
saw('A2-report', JSON.stringify(process.report.getReport()));
for (const id of ['A2-environment', 'A2-files', 'A2-report']) result(id);
