import type { Problem } from '../model/errors.ts';
import type { Place } from '../model/names.ts';
import type { Policy, StepRules } from '../model/policy.ts';
import type { StepInput } from '../model/steps.ts';
import { type Places, placesOf } from './places.ts';

/**
 * Settings that are read but that this version does not do: a run with one of them must not start. [] is fine.
 * `at`: where they stand, for a policy that is a copy of what was read.
 */
export function notYet(policy: Policy, at: Places = placesOf(policy)): Problem[] {
  const { backend, root } = policy.jail;
  return [
    ...(root.kind === 'image'
      ? [problem('jail.root: { image }', 'Use `host`, `directory` or `archive`.', at(['jail', 'root', 'image']))]
      : []),
    ...(backend === 'vm' ? [problem('jail.backend: vm', 'Use `auto`, `nspawn` or `docker`.', at(['jail', 'backend']))] : []),
    ...rulesNotYet(policy.agent, '', at),
    ...(inherits(policy) ? [] : rulesNotYet(policy.setup, 'setup.', (path) => at(['setup', ...path]))),
    ...(policy.limits.upload === null ? [] : [problem('limits.upload', 'Leave it out.', at(['limits', 'upload']))]),
  ];
}

/** The same for one step. */
export function stepNotYet(step: StepInput): Problem[] {
  return step.tty === null ? [] : [problem(`tty of step ${JSON.stringify(step.name)}`, 'Leave `tty` out.', step.place)];
}

function rulesNotYet({ network, secrets }: StepRules, prefix: string, at: Places): Problem[] {
  const [host] = network.allow;
  const [service] = network.services;
  return [
    ...(host === undefined ? [] : [problem(`${prefix}network.allow`, 'Use `network: none`.', host.place)]),
    ...(service === undefined ? [] : [problem(`${prefix}network.services`, 'Leave it out.', service.place)]),
    ...(network.mode === 'observe' ? [problem(`${prefix}network.observe`, 'Use `network: none`.', at(['network', 'observe']))] : []),
    ...secrets
      .filter(({ use }) => use === 'inject')
      .map(({ name, place }) => problem(`${prefix}secrets.${name}: { inject }`, 'Leave it out; there is no network to use it on.', place)),
  ];
}

/** The setup section repeats the run's network: the same host at the same place. Saying it once is enough. */
function inherits({ agent, setup }: Policy): boolean {
  return setup.secrets.length === 0 && JSON.stringify(setup.network) === JSON.stringify(agent.network);
}

function problem(what: string, remedy: string, place: Place | null): Problem {
  return { message: `${what} is not in this version yet`, remedy, place };
}
