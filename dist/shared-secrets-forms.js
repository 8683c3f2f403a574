// src/secrets/forms.ts
var MIN_FORM = 6;
var MIN_PIECE = 12;
var BASE64_COLUMNS = [76, 64];
var HEX_COLUMNS = 60;
var COMMON = new Set(
  "abc123 access account admin123 changeme change-me default demo123 development disabled dummy-value enabled example github hello123 localhost nothing password password1 placeholder private production public qwerty redacted sample secret secrets staging string test123 testing tester undefined unknown username 123456 1234567 12345678 123456789 1234567890".split(" ")
);
function secretForms(value) {
  const text = value.toWellFormed();
  const core = text.trim();
  const bytes = Buffer.from(core);
  const forms = [
    text,
    core,
    core.replace(/\r?\n/g, "\r\n"),
    // as a terminal prints it
    ...lineForms(core),
    ...base64Forms(bytes),
    ...hexForms(bytes),
    ...percentForms(core, bytes),
    ...escapedForms(core),
    [...core].reverse().join(""),
    Buffer.from(bytes).reverse()
    // `rev` in the C locale
  ];
  const unique = /* @__PURE__ */ new Map();
  for (const form of forms) {
    const encoded = typeof form === "string" ? Buffer.from(form) : form;
    if (encoded.length >= MIN_FORM) unique.set(encoded.toString("latin1"), encoded);
  }
  return [...unique.values()];
}
function tooShort(value) {
  const core = value.trim();
  if (Buffer.byteLength(core) < MIN_FORM) return `it has fewer than ${MIN_FORM} bytes`;
  if (COMMON.has(core.toLowerCase())) return "it is a common word";
  if (new Set(core).size < 3) return "it has fewer than 3 different characters";
  return null;
}
function refuseShort(secrets) {
  return secrets.flatMap(({ name, value, place }) => {
    const why = tooShort(value);
    if (why === null) return [];
    return [
      {
        message: `the value of ${name} cannot be kept out of the record: ${why}`,
        place: place ?? null,
        remedy: "use a longer value; if it is not secret, pass it by `env` or `pass-env`"
      }
    ];
  });
}
function lineForms(core) {
  const lines = core.split(/\r\n|\n|\r|\\n/).map((line) => line.trim());
  if (lines.length === 1) return [];
  return lines.filter((line) => tooShort(line) === null && !/^-----(?:BEGIN|END) [A-Z0-9 ]+-----$/.test(line));
}
function base64Forms(bytes) {
  const forms = [];
  for (let before = 0; before < 3; before += 1) {
    const padded = Buffer.concat([Buffer.alloc(before), bytes]).toString("base64");
    const start = Math.ceil(before * 8 / 6);
    const stem = padded.slice(start, Math.floor((before + bytes.length) * 8 / 6));
    const open = padded.slice(start).replace(/=+$/, "");
    forms.push(stem, open, padded.slice(start));
    if (before === 0) for (const columns of BASE64_COLUMNS) forms.push(...pieces(stem, columns));
  }
  return [...forms, ...forms.map((form) => form.replaceAll("+", "-").replaceAll("/", "_"))];
}
function hexForms(bytes) {
  const hex = bytes.toString("hex");
  return [hex, hex.toUpperCase(), ...pieces(hex, HEX_COLUMNS)];
}
function percentForms(core, bytes) {
  const component = encodeURIComponent(core);
  const strict = component.replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
  const upper = [component, strict, strict.replaceAll("%2F", "/"), strict.replaceAll("%20", "+")];
  upper.push(bytes.toString("hex").toUpperCase().replace(/../g, "%$&"));
  return [...upper, ...upper.map((form) => form.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()))];
}
function escapedForms(core) {
  const json = JSON.stringify(core).slice(1, -1);
  const ascii = json.replace(/[\u0080-\uffff]/g, unicodeEscape);
  const html = json.replace(/[<>&]/g, unicodeEscape);
  return [
    json,
    JSON.stringify(json).slice(1, -1),
    // JSON in JSON: how agents log what a tool printed
    ascii,
    html,
    json.replaceAll("/", "\\/"),
    core.replaceAll("'", "'\\''"),
    // `set -x`
    core.replace(/["$`\\]/g, "\\$&")
    // `export -p`
  ];
}
function unicodeEscape(char) {
  return `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
function pieces(text, columns) {
  const found = [];
  for (let at = 0; text.length > columns && at < text.length; at += columns) found.push(text.slice(at, at + columns));
  return found.filter((piece) => piece.length >= MIN_PIECE);
}

export {
  secretForms,
  tooShort,
  refuseShort
};
