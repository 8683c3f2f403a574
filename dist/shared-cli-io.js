import {
  wrong
} from "./shared-cli-args.js";

// src/cli/io.ts
function processIo() {
  const env = process.env;
  for (const stream of [process.stdout, process.stderr]) stream.on("error", unlessGone);
  const plain = (env["NO_COLOR"] ?? "") !== "" || env["TERM"] === "dumb";
  return {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    env,
    get cwd() {
      try {
        return process.cwd();
      } catch {
        throw wrong("the current directory is not there any more", "Change to one that is.");
      }
    },
    terminal: process.stdout.isTTY === true,
    live: process.stderr.isTTY === true && env["TERM"] !== "dumb" && (env["CI"] ?? "") === "",
    get columns() {
      return process.stderr.columns;
    },
    colours: process.stdout.isTTY === true && !plain
  };
}
function unlessGone(error) {
  if (error.code !== "EPIPE") throw error;
}
function json(io, value) {
  io.out(`${JSON.stringify(value)}
`);
}

export {
  processIo,
  json
};
