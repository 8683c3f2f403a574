import { PHASES } from '../../../src/model/names.ts';
import { killTests } from '../../support/kill-cases.ts';

killTests(PHASES, 'nspawn');
killTests(PHASES, 'docker');
