// src/record/display.ts
var HIDDEN = /^[\\\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Cn}\p{Zl}\p{Zp}\u115F\u1160\u3164\uFFA0\u034F\u2800\uFE00-\uFE0F]$/u;
var PLAIN = /^[ -[\]-~]*$/;
var LIMIT = 300;
function displayText(text, limit = LIMIT) {
  if (PLAIN.test(text)) return text.length > limit ? `${text.slice(0, limit)}…` : text;
  return join(characters(text), limit);
}
function displayPath(path, limit = LIMIT) {
  const text = utf8(path);
  return join(text === null ? bytes(path) : characters(text), limit);
}
function utf8(bytes2) {
  try {
    return strict.decode(bytes2);
  } catch {
    return null;
  }
}
var strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
function* characters(text) {
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    yield !HIDDEN.test(character) ? character : character === "\\" ? "\\\\" : code < 128 ? hex(code) : `\\u{${code.toString(16)}}`;
  }
}
function* bytes(path) {
  for (const byte of path) {
    yield byte === 92 ? "\\\\" : byte < 32 || byte > 126 ? hex(byte) : String.fromCharCode(byte);
  }
}
var hex = (byte) => `\\x${byte.toString(16).padStart(2, "0")}`;
function join(parts, limit) {
  let shown = "";
  for (const part of parts) {
    if (shown.length + part.length > limit) return `${shown}…`;
    shown += part;
  }
  return shown;
}

export {
  displayText,
  displayPath,
  utf8
};
