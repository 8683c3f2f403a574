import type { Policy, StepRules } from '../model/policy.ts';

/** Pure: `/run/agent-jail/policy.json`, by which an agent knows what it may reach and change, and need not try. Holds no secret. */
export function told({ agent, setup, workspace, limits }: Policy): object {
  return {
    schema: 'agent-jail/told@1',
    workspace: workspace.access,
    network: network(agent),
    setup: { network: network(setup) },
    limits: { ...agent.limits, ...limits },
  };
}

function network({ network: { mode, allow, services }, secrets }: StepRules): object {
  return {
    default: mode === 'observe' ? 'allow' : 'deny',
    allow: allow.map(({ pattern, ports, methods, paths }) => ({ host: pattern, ports, methods, paths })),
    services: services.map(({ name, port }) => ({ name, port })),
    // The variable of this name holds a placeholder, which the gateway swaps on the way to these hosts.
    secrets: secrets.flatMap((secret) =>
      secret.use === 'inject' ? [{ name: secret.name, hosts: secret.hosts, methods: secret.methods, paths: secret.paths }] : [],
    ),
  };
}
