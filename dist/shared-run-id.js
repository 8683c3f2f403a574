const { randomBytes } = process.getBuiltinModule("node:crypto");
// src/run/id.ts
var DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
var TIME_DIGITS = 10;
var RANDOM_DIGITS = 16;
function newId(now = Date.now()) {
  let time = "";
  for (let rest = now; time.length < TIME_DIGITS; rest = Math.floor(rest / 32)) time = `${DIGITS[rest % 32]}${time}`;
  return time + [...randomBytes(RANDOM_DIGITS)].map((byte) => DIGITS[byte % 32]).join("");
}

export {
  newId
};
