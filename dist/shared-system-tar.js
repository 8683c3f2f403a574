// src/system/tar.ts
var BLOCK = 512;
var [SLASH, NONE] = [Buffer.from("/"), Buffer.alloc(0)];
var TYPES = { file: "0", link: "1", symlink: "2", directory: "5", fifo: "6" };
function tarHeader(entry) {
  const name = entry.type === "directory" ? Buffer.concat([entry.name, SLASH]) : Buffer.from(entry.name);
  const link = entry.link === null ? NONE : Buffer.from(entry.link);
  const records = [];
  const number = (key, value, digits) => {
    if (value >= 0 && value < 8 ** digits) return value;
    records.push(paxRecord(key, Buffer.from(String(value))));
    return 0;
  };
  if (name.length > 100) records.push(paxRecord("path", name));
  if (link.length > 100) records.push(paxRecord("linkpath", link));
  for (const [key, value] of Object.entries(entry.xattrs ?? {}))
    records.push(paxRecord(`SCHILY.xattr.${key}`, Buffer.from(value, "base64")));
  const fields = {
    mode: entry.mode & 4095,
    uid: number("uid", entry.uid, 7),
    gid: number("gid", entry.gid, 7),
    size: number("size", entry.size, 11),
    mtime: number("mtime", entry.mtime, 11)
  };
  const header = ustar(name, TYPES[entry.type], fields, link);
  if (records.length === 0) return header;
  const pax = Buffer.concat(records);
  const none = { mode: 420, uid: 0, gid: 0, size: pax.length, mtime: 0 };
  return Buffer.concat([ustar(Buffer.from("PaxHeader"), "x", none, NONE), pax, padding(pax.length), header]);
}
function padding(size) {
  return ZEROS.subarray(0, (BLOCK - size % BLOCK) % BLOCK);
}
function paxRecord(key, value) {
  const rest = Buffer.concat([Buffer.from(` ${key}=`, "latin1"), value, Buffer.from("\n")]);
  let length = rest.length + 1;
  while (length !== rest.length + String(length).length) length = rest.length + String(length).length;
  return Buffer.concat([Buffer.from(String(length)), rest]);
}
var [TEMPLATE, ZEROS] = [Buffer.alloc(BLOCK), Buffer.alloc(BLOCK)];
TEMPLATE.write("ustar\x0000", 257, "latin1");
var octal = (value, digits) => `${value.toString(8).padStart(digits, "0")}\0`;
function ustar(name, type, fields, link) {
  const block = Buffer.from(TEMPLATE);
  name.copy(block, 0, 0, 100);
  const ids = octal(fields.mode, 7) + octal(fields.uid, 7) + octal(fields.gid, 7);
  block.write(`${ids}${octal(fields.size, 11)}${octal(fields.mtime, 11)}        ${type}`, 100, "latin1");
  link.copy(block, 157, 0, 100);
  let sum = 0;
  for (let at = 0; at < BLOCK; at += 1) sum += block[at];
  block.write(octal(sum, 6), 148, "latin1");
  return block;
}

export {
  BLOCK,
  tarHeader,
  padding
};
