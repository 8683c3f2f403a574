const { readFileSync } = process.getBuiltinModule("node:fs");
const { connect } = process.getBuiltinModule("node:net");
import {
  JailError
} from "./shared-model-errors.js";

// src/system/engine-connection.ts
async function connectionTo({ host, from, tls }) {
  const path = /^unix:\/\/(\/.+)$/.exec(host)?.[1] ?? pipeOf(host);
  if (path !== null) return { where: path, socket: path, open: () => connect(path) };
  const [, written = "", port = ""] = /^tcp:\/\/(\[[^\]]+\]|[^/:[\]]+):(\d{1,5})\/?$/.exec(host) ?? [];
  if (port === "")
    throw new JailError(
      `${from} is ${JSON.stringify(host)}, which is no place of an engine`,
      "write `unix:///path`, `tcp://name:port`, or on Windows `npipe:////./pipe/name`"
    );
  const name = written.replace(/^\[|\]$/g, "");
  const where = `tcp://${written}:${port}`;
  if (tls === null) return { where, socket: null, open: () => connect(Number(port), name) };
  const { connect: connectTls } = await import("node:tls");
  const { ca, cert, key } = tls;
  const options = {
    host: name,
    port: Number(port),
    minVersion: "TLSv1.2",
    .../^[\d.]+$|:/.test(name) ? {} : { servername: name },
    ...ca === null ? {} : { ca },
    ...cert === null || key === null ? {} : { cert, key }
  };
  return { where, socket: null, open: () => connectTls(options) };
}
function pipeOf(host) {
  const rest = /^npipe:\/\/(\/\/.+)$/.exec(host)?.[1];
  return rest === void 0 ? null : rest.replaceAll("/", "\\");
}
function readIfThere(path) {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (["ENOENT", "ENOTDIR"].includes(error.code ?? "")) return null;
    throw error;
  }
}

export {
  connectionTo,
  readIfThere
};
