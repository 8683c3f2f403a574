import { createRequire as requireFor } from 'node:module';
const require = requireFor(import.meta.url);

// src/cli/version.ts
var VERSION = "0.1.0";

export {
  VERSION
};
