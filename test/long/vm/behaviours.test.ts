import { TOPICS } from '../../jail/conformance/behaviours/all.ts';
import { behave } from '../../jail/conformance/behaviours/suite.ts';

behave(TOPICS, ['nspawn', 'vm']);
