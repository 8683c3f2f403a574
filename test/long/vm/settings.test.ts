import { FLAGS } from '../../jail/conformance/flags.ts';
import { GUARDS } from '../../jail/conformance/guards.ts';
import { LIMITS } from '../../jail/conformance/limits.ts';
import { SETUP } from '../../jail/conformance/setup.ts';
import { VIEW } from '../../jail/conformance/view.ts';
import { conform } from '../../jail/conformance/bench.ts';

conform([LIMITS, VIEW, SETUP, GUARDS, FLAGS].flat(), undefined, ['vm']);
