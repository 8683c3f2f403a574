import { writeSync } from 'node:fs';
import { runGateway } from './network/gateway.ts';

/** Its descriptor 3 is the log. */
const REQUEST = 4;

/** Fail closed: with the process goes everything the jail could reach, and the warden sees it go. */
function fail(error: unknown): never {
  try {
    writeSync(2, `gateway: ${error instanceof Error ? error.message : String(error)}\n`);
  } finally {
    process.exit(70);
  }
}

process.on('uncaughtException', fail);
process.on('unhandledRejection', fail);
runGateway(REQUEST, process.stdin, process.stdout).then(() => process.exit(0), fail);
