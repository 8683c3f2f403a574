const { normalize } = process.getBuiltinModule("node:path/posix");
import {
  parseSize,
  parseTime
} from "./shared-policy-units.js";

// src/policy/rules.ts
var CONTROL = /[\u0000-\u001f\u007f]/;
var LONGEST = 7 * 24 * 36e5;
function size(text, least = 1) {
  const bytes = typeof text === "number" ? text : parseSize(text);
  if (!Number.isSafeInteger(bytes)) throw new Error(`${text} is not a size, such as 512MiB or 2GB`);
  if (bytes < least) throw new Error(`${JSON.stringify(text)} is too small: at least ${least} bytes`);
  return bytes;
}
function time(text) {
  const ms = parseTime(text);
  if (ms < 1e3 || ms > LONGEST) throw new Error(`${JSON.stringify(text)} is out of range: from 1s to 168h`);
  return ms;
}
function timeOrOff(text) {
  return text === "off" ? null : time(text);
}
function sizeOrNone(text) {
  return text === "none" ? null : size(text);
}
function absolutePath(text) {
  const said = JSON.stringify(text);
  if (CONTROL.test(text)) throw new Error(`${said} holds a control character`);
  if (!text.startsWith("/")) throw new Error(`${said} is not an absolute path: it does not begin with /`);
  const normal = normalize(text).replace(/(?<=.)\/$/, "");
  if (text.split("/").includes("..")) throw new Error(`${said} goes up with \`..\`; write the path it means`);
  if (normal !== text) throw new Error(`${said} is not in its shortest form: write ${normal}`);
  return text;
}
var KERNEL = ["/proc", "/sys", "/dev"];
function mountPath(text) {
  const path = absolutePath(text);
  if (path === "/") throw new Error('"/" cannot be mounted: list the directories that are needed');
  if (KERNEL.some((dir) => path === dir || path.startsWith(`${dir}/`))) {
    throw new Error(`${JSON.stringify(text)} is the kernel's; the jail has its own`);
  }
  return path;
}
function mountTarget(text) {
  const path = mountPath(text);
  if (path === "/run" || path.startsWith("/run/")) throw new Error(`${JSON.stringify(text)} is in /run, which is the jail's own`);
  return path;
}
function glob(text) {
  const said = JSON.stringify(text);
  if (text.trim() === "") throw new Error(`${said} is an empty pattern`);
  if (CONTROL.test(text)) throw new Error(`${said} holds a control character`);
  if (text.startsWith("#")) throw new Error(`${said} is a comment in gitignore patterns; write ${JSON.stringify(`\\${text}`)}`);
  if (/^!?(?:\.\.?\/|\/$)/.test(text) || text.split("/").includes("..")) {
    throw new Error(`${said} matches nothing: patterns are relative to the workspace, without \`./\` and \`..\``);
  }
  return text;
}
function variableName(text) {
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(text)) {
    throw new Error(`${JSON.stringify(text)} is not the name of an environment variable: letters, digits and _, no digit first`);
  }
  return text;
}
function plainText(text) {
  if (text.includes("\0")) throw new Error(`${JSON.stringify(text)} holds a NUL character`);
  return text;
}
function line(text) {
  if (text.trim() === "" || text.length > 4096 || CONTROL.test(text)) {
    throw new Error(`${JSON.stringify(text.slice(0, 80))} is not one line of text`);
  }
  return text;
}
function script(text) {
  if (text.trim() === "") throw new Error("the script is empty");
  return plainText(text);
}
function method(text) {
  if (!/^[A-Za-z]{1,20}$/.test(text)) throw new Error(`${JSON.stringify(text)} is not an HTTP method, such as GET`);
  return text.toUpperCase();
}
function urlPath(text) {
  const said = JSON.stringify(text);
  if (!/^\/[\x21-\x7e]*$/.test(text) || /[?#\\]/.test(text)) throw new Error(`${said} is not the path of a URL, such as /v1/*`);
  if (/\*./.test(text)) throw new Error(`${said}: \`*\` stands only at the end, for any rest`);
  if (text.split("/").some((part) => /^(?:\.|%2e){1,2}$/i.test(part))) throw new Error(`${said} goes up with \`..\``);
  return text;
}
function serviceName(text) {
  if (!/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(text) || /^\d+$/.test(text) || text === "localhost") {
    throw new Error(`${JSON.stringify(text)} is not a service name: one label of a-z, 0-9 and -, not a number, not localhost`);
  }
  return text;
}
function imageReference(text) {
  const parts = text.split("/");
  if (!/^[A-Za-z0-9][A-Za-z0-9._:/@-]{0,254}$/.test(text) || parts.some((part) => ["", ".", ".."].includes(part))) {
    throw new Error(`${JSON.stringify(text)} is not an image, such as node:24 or ghcr.io/owner/name@sha256:…`);
  }
  return text;
}
function runtimeName(text) {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/.test(text))
    throw new Error(`${JSON.stringify(text)} is not the name of a runtime, such as runsc`);
  return text;
}
function sha256(text) {
  if (!/^[0-9a-f]{64}$/.test(text)) throw new Error(`${JSON.stringify(text)} is not a SHA-256: 64 lower-case hex digits`);
  return text;
}
function expression(text) {
  if (text === "") throw new Error("an empty regular expression matches everything");
  try {
    return new RegExp(text, "u").source && text;
  } catch {
    try {
      return new RegExp(text).source && text;
    } catch (error) {
      throw new Error(`${JSON.stringify(text)} is not a regular expression: ${error instanceof Error ? error.message : ""}`);
    }
  }
}

export {
  size,
  time,
  timeOrOff,
  sizeOrNone,
  absolutePath,
  mountPath,
  mountTarget,
  glob,
  variableName,
  plainText,
  line,
  script,
  method,
  urlPath,
  serviceName,
  imageReference,
  runtimeName,
  sha256,
  expression
};
