import { end } from './cli/end.ts';
import { processIo } from './cli/io.ts';
import { cli } from './cli/main.ts';

// `agent-jail run`, which is what people wait for: in one file, whose compiled code is kept (`started.ts`).
void cli(process.argv.slice(2), processIo()).then(end);
