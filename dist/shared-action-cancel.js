const { once } = process.getBuiltinModule("node:events");
const { setTimeout: sleep } = process.getBuiltinModule("node:timers/promises");
// src/action/cancel.ts
var UNTIL_SIGTERM = 7500;
var NEVER = { signal: new AbortController().signal, left: () => Infinity };
async function outOfTime(cancel, stop) {
  if (!cancel.signal.aborted) await once(cancel.signal, "abort", { signal: stop });
  await sleep(cancel.left(), void 0, { signal: stop });
}
function watchSignals(exit) {
  const controller = new AbortController();
  let since = null;
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"]) {
    process.on(name, () => {
      if (since !== null) return exit(130);
      since = performance.now();
      controller.abort(new Error(name));
    });
  }
  return {
    signal: controller.signal,
    left: () => since === null ? Infinity : Math.max(0, since + UNTIL_SIGTERM - 500 - performance.now())
  };
}

export {
  NEVER,
  outOfTime,
  watchSignals
};
