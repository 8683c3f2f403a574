const { BlockList, isIP } = process.getBuiltinModule("node:net");
// src/model/hosts.ts
function covers(pattern, name) {
  if (pattern.startsWith("*.")) return name.endsWith(pattern.slice(1));
  if (pattern.startsWith(".")) return name === pattern.slice(1) || name.endsWith(pattern);
  return pattern === name;
}

// src/model/addresses.ts
var NOT_PUBLIC = [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.88.99.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 3],
  ["168.63.129.16", 32]
];
var GLOBAL_V6 = ["2000::", 3];
var NOT_PUBLIC_V6 = [["2001::", 23], ["2001:db8::", 32], ["2002::", 16], ["3fff::", 20]];
var refused = new BlockList();
var global = new BlockList();
for (const [network, prefix] of NOT_PUBLIC) refused.addSubnet(network, prefix, "ipv4");
for (const [network, prefix] of NOT_PUBLIC_V6) refused.addSubnet(network, prefix, "ipv6");
global.addSubnet(...GLOBAL_V6, "ipv6");
function isPublic(address) {
  const family = isIP(address);
  if (family === 4) return !refused.check(address, "ipv4");
  return family === 6 && global.check(address, "ipv6") && !refused.check(address, "ipv6");
}

export {
  covers,
  isPublic
};
