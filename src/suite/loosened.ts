import { covers } from '../model/hosts.ts';
import type { Policy, StepRules } from '../model/policy.ts';

/** What a task's policy allows that the suite's does not, one line each. Pure. */
export function loosened(suite: Policy, task: Policy): string[] {
  const found = [...rules(suite.agent, task.agent, ''), ...rules(suite.setup, task.setup, 'setup.')];
  const order = ['none', 'read-only', 'copy-on-write'];
  if (order.indexOf(task.workspace.access) > order.indexOf(suite.workspace.access)) found.push(`workspace: ${task.workspace.access}`);
  for (const { source, target, access } of task.mounts) {
    const same = suite.mounts.find((mount) => mount.source === source && mount.target === target);
    if (same === undefined || (same.access === 'read-only' && access !== 'read-only')) found.push(`mounts: ${source}, ${access}`);
  }
  const hidden = suite.workspace.hide.filter((glob) => !task.workspace.hide.includes(glob));
  if (hidden.length > 0) found.push(`workspace: no longer hidden: ${hidden.join(' ')}`);
  const guard = ({ place: _place, ...rule }: Policy['guards'][number]): string => JSON.stringify(rule);
  const kept = new Set(task.guards.map(guard));
  const gone = suite.guards.filter((rule) => !kept.has(guard(rule))).map(({ name }) => name);
  if (gone.length > 0) found.push(`without ${[...new Set(gone)].join(', ')}`);
  if (suite.jail.backend !== 'auto' && task.jail.backend !== suite.jail.backend) found.push(`jail.backend: ${task.jail.backend}`);
  return found;
}

function rules(suite: StepRules, task: StepRules, prefix: string): string[] {
  const found: string[] = [];
  if (task.network.mode === 'observe' && suite.network.mode !== 'observe') found.push(`${prefix}network: every public host`);
  for (const rule of task.network.allow) {
    const held = suite.network.allow.some(
      (other) =>
        (other.pattern === rule.pattern || covers(other.pattern, rule.pattern)) &&
        rule.ports.every((port) => other.ports.includes(port)) &&
        narrower(rule.methods, other.methods) &&
        narrower(rule.paths, other.paths),
    );
    if (!held && suite.network.mode !== 'observe') found.push(`${prefix}network: ${rule.pattern}`);
  }
  for (const { name, port } of task.network.services)
    if (!suite.network.services.some((other) => other.name === name && other.port === port))
      found.push(`${prefix}network.services: ${name}:${port}`);
  for (const { name, use } of task.secrets) {
    const same = suite.secrets.find((other) => other.name === name);
    if (same === undefined || (same.use === 'inject' && use === 'env')) found.push(`${prefix}secrets: ${name}, ${use}`);
  }
  for (const name of task.passEnv) if (!suite.passEnv.includes(name)) found.push(`${prefix}pass-env: ${name}`);
  return found;
}

/** None listed is all. */
const narrower = (own: readonly string[], other: readonly string[]): boolean =>
  other.length === 0 || (own.length > 0 && own.every((one) => other.includes(one)));
