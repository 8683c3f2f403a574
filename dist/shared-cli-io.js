import { createRequire as requireFor } from 'node:module';
const require = requireFor(import.meta.url);

// src/cli/io.ts
function processIo() {
  const env = process.env;
  const plain = (env["NO_COLOR"] ?? "") !== "" || env["TERM"] === "dumb";
  return {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    env,
    cwd: process.cwd(),
    terminal: process.stdout.isTTY === true,
    live: process.stderr.isTTY === true && env["TERM"] !== "dumb" && (env["CI"] ?? "") === "",
    colours: process.stdout.isTTY === true && !plain
  };
}
function json(io, value) {
  io.out(`${JSON.stringify(value)}
`);
}

export {
  processIo,
  json
};
