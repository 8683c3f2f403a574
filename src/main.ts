import { run } from './action/main.ts';
import { end } from './cli/end.ts';

// A socket that the artifact client keeps alive must not keep the step alive.
void run(process.env).then(end);
