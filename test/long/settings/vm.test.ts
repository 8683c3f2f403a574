import { describe, expect, test } from 'vitest';
import expected from '../../expected.json' with { type: 'json' };
import { conform } from '../../jail/conformance/bench.ts';
import { FLAGS } from '../../jail/conformance/flags.ts';
import { GUARDS } from '../../jail/conformance/guards.ts';
import { JAIL } from '../../jail/conformance/jail.ts';
import { LIMITS } from '../../jail/conformance/limits.ts';
import { HOSTS, NETWORK } from '../../jail/conformance/network.ts';
import { SETUP } from '../../jail/conformance/setup.ts';
import { VIEW } from '../../jail/conformance/view.ts';

/** One after the other: an emulated machine takes what processors there are. */
const PARTS = { jail: JAIL, view: VIEW, network: NETWORK, limits: LIMITS, setup: SETUP, guards: GUARDS, flags: FLAGS };

describe.each(Object.entries(PARTS))('%s', (name, cases) => {
  conform(cases, name === 'network' ? HOSTS : undefined, ['vm']);
});

test('no fewer cases than before', () => {
  expect(Object.values(PARTS).flat().length).toBeGreaterThanOrEqual(expected.vm.conformance);
});
