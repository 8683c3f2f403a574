#!/usr/bin/env node
import { processIo } from './cli/io.ts';
import { cli } from './cli/main.ts';

process.exitCode = await cli(process.argv.slice(2), processIo());
// A warden that was started early and has nothing to do ends with this process.
setTimeout(() => process.exit(), 100).unref();
