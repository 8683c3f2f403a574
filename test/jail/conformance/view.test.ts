import { conform } from './bench.ts';
import { VIEW } from './view.ts';

conform(VIEW);
