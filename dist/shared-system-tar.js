// src/system/tar.ts
var BLOCK = 512;
var [SLASH, NONE] = [Buffer.from("/"), Buffer.alloc(0)];
var [ID, NUMBER] = [8 ** 7, 8 ** 11];
var TYPES = { file: "0", link: "1", symlink: "2", directory: "5", fifo: "6" };
function tarHeader(entry) {
  const name = entry.type === "directory" ? Buffer.concat([entry.name, SLASH]) : entry.name;
  const link = entry.link ?? NONE;
  const records = [];
  const number = (key, value, limit) => {
    if (value >= 0 && value < limit) return value;
    records.push(paxRecord(key, Buffer.from(String(value))));
    return 0;
  };
  if (name.length > 100) records.push(paxRecord("path", name));
  if (link.length > 100) records.push(paxRecord("linkpath", link));
  for (const [key, value] of Object.entries(entry.xattrs ?? {}))
    records.push(paxRecord(`SCHILY.xattr.${key}`, Buffer.from(value, "base64")));
  const fields = {
    mode: entry.mode & 4095,
    uid: number("uid", entry.uid, ID),
    gid: number("gid", entry.gid, ID),
    size: number("size", entry.size, NUMBER),
    mtime: number("mtime", entry.mtime, NUMBER)
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
var [NAME, USED] = [100, 265];
function ustar(name, type, fields, link) {
  const block = Buffer.from(TEMPLATE);
  block.set(name.length > NAME ? name.subarray(0, NAME) : name);
  octal(block, 100, fields.mode, 7);
  octal(block, 108, fields.uid, 7);
  octal(block, 116, fields.gid, 7);
  octal(block, 124, fields.size, 11);
  octal(block, 136, fields.mtime, 11);
  block[156] = type.charCodeAt(0);
  if (link.length > 0) block.set(link.subarray(0, NAME), 157);
  let sum = 8 * 32;
  for (let at = 0; at < USED; at += 1) sum += block[at];
  octal(block, 148, sum, 6);
  block[155] = 32;
  return block;
}
function octal(block, at, value, digits) {
  let rest = value;
  for (let digit = at + digits - 1; digit >= at; digit -= 1) {
    const above = Math.floor(rest / 8);
    block[digit] = 48 + rest - above * 8;
    rest = above;
  }
}

export {
  BLOCK,
  tarHeader,
  padding
};
