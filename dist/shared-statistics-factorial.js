// src/statistics/random.ts
function sfc32(seed, stream = 0) {
  let [a, b, c, counter] = [Math.trunc(seed / 2 ** 32) | 0, seed | 0, stream | 0, 1];
  const next = () => {
    const sum = (a + b | 0) + counter | 0;
    counter = counter + 1 | 0;
    a = b ^ b >>> 9;
    b = c + (c << 3) | 0;
    c = (c << 21 | c >>> 11) + sum | 0;
    return (sum >>> 0) / 2 ** 32;
  };
  for (let round = 0; round < 15; round += 1) next();
  return next;
}

// src/statistics/factorial.ts
var EXACT = 32;
var logs = [0];
for (let n = 1; n < EXACT; n += 1) logs.push((logs[n - 1] ?? 0) + Math.log(n));
function logFactorial(n) {
  const known = logs[n];
  if (known !== void 0) return known;
  const [r, r2] = [1 / n, 1 / (n * n)];
  return (n + 0.5) * Math.log(n) - n + 0.5 * Math.log(2 * Math.PI) + r * (1 / 12 - r2 * (1 / 360 - r2 * (1 / 1260 - r2 / 1680)));
}
function logChoose(n, k) {
  return k < 0 || k > n ? -Infinity : logFactorial(n) - logFactorial(k) - logFactorial(n - k);
}

export {
  sfc32,
  logChoose
};
