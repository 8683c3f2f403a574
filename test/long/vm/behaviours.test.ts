import { TOPICS } from '../../jail/conformance/behaviours/all.ts';
import { behave } from '../../jail/conformance/behaviours/suite.ts';
import { TERMINAL } from '../../jail/conformance/behaviours/terminal.ts';

/** A virtual machine gives no terminal yet: `vm.test.ts` has how it refuses. */
const WITHOUT_TERMINAL = TOPICS.filter((topic) => topic !== TERMINAL);

behave(WITHOUT_TERMINAL, ['nspawn', 'vm']);
