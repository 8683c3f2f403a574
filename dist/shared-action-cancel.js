const { once } = process.getBuiltinModule("node:events");
const { setTimeout: sleep } = process.getBuiltinModule("node:timers/promises");
// src/action/cancel.ts
var NEVER = { signal: new AbortController().signal, left: () => Infinity };
async function outOfTime(cancel, stop) {
  if (!cancel.signal.aborted) await once(cancel.signal, "abort", { signal: stop });
  await sleep(cancel.left(), void 0, { signal: stop });
}

export {
  NEVER,
  outOfTime
};
