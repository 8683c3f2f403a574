import type { Problem } from '../model/errors.ts';
import type { Policy, StepRules } from '../model/policy.ts';
import type { StepInput } from '../model/steps.ts';
import { type Places, placesOf } from './places.ts';
import { looksSecret } from './weak.ts';

const REMEDY = 'Leave it out, or use a jail: `--backend nspawn` or `docker`.';
const TRAFFIC = ['upload', 'download', 'connections', 'requests'] as const;

/**
 * What a policy asks for that a backend without isolation cannot keep, or must not be trusted with: a run with any of it must not start.
 * [] is fine. A closed network is the default, which cannot be left out; the backend's warning says that it is not kept either.
 */
export function unisolated(policy: Policy, steps: readonly Pick<StepInput, 'name' | 'env' | 'place'>[]): Problem[] {
  const at = placesOf(policy);
  const own = rulesOf(policy.agent, '', at);
  const said = (problem: Problem) =>
    own.some(
      ({ message, place }) =>
        message === problem.message.replace('setup.', '') &&
        (problem.place === null || JSON.stringify(place) === JSON.stringify(problem.place)),
    );
  return [
    ...own,
    // What setup steps have from the run stands there once.
    ...rulesOf(policy.setup, 'setup.', at).filter((problem) => !said(problem)),
    ...TRAFFIC.filter((name) => policy.limits[name] !== null).map((name) =>
      problem(`limits.${name}: there is no gateway to keep it`, at(['limits', name])),
    ),
    ...policy.guards
      .filter(({ on }) => on === 'network')
      .map(({ name, place }) => problem(`${name}: nothing of the network is refused or logged`, place)),
    ...steps.flatMap(({ name, env, place }) =>
      credentials(Object.keys(env)).map((variable) =>
        problem(`${variable} of the step ${JSON.stringify(name)} looks like a credential`, place),
      ),
    ),
  ];
}

function rulesOf({ env, passEnv, secrets, network }: StepRules, prefix: string, at: Places): Problem[] {
  const path = (...rest: readonly string[]) => at([...(prefix === '' ? [] : ['setup']), ...rest]);
  return [
    ...secrets.map(({ name, use, place }) =>
      problem(
        use === 'inject'
          ? `${prefix}secrets.${name}: there is no gateway to put it in`
          : `${prefix}secrets.${name}: the value could leave by the machine's network`,
        place,
      ),
    ),
    ...credentials(passEnv).map((name) => problem(`${prefix}pass-env: ${name} looks like a credential`, path('pass-env'))),
    ...credentials(Object.keys(env)).map((name) => problem(`${prefix}env: ${name} looks like a credential`, path('env', name))),
    ...(network.mode === 'observe'
      ? [problem(`${prefix}network.observe: nothing of the network is logged`, path('network', 'observe'))]
      : []),
    ...unique(network.allow).map(({ pattern, place }) =>
      problem(`${prefix}network.allow: ${pattern}: nothing else would be refused`, place),
    ),
    ...network.services.map(({ name, place }) =>
      problem(`${prefix}network.services.${name}: there is no gateway that leads to it; every port of the machine is open`, place),
    ),
  ];
}

/** A preset may have several rules for a host. */
const unique = (rules: StepRules['network']['allow']) => [
  ...new Map(rules.map((rule) => [`${rule.pattern} ${JSON.stringify(rule.place)}`, rule])).values(),
];
const credentials = (names: readonly string[]): string[] => names.filter(looksSecret);

function problem(what: string, place: Problem['place']): Problem {
  return {
    message: `the backend chroot isolates nothing: ${what}`,
    remedy: REMEDY,
    place: place === null || place.file === '' ? null : place,
  };
}
