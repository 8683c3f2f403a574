const { createContext, Script } = process.getBuiltinModule("node:vm");
// src/guard/bounded.ts
var context = {};
var script = null;
function ready() {
  if (script !== null) return script;
  createContext(context);
  return script = new Script("work()");
}
var TIME = 2e3;
function bounded(work, ms) {
  if (ms < 1) return { ok: false };
  const began = performance.now();
  context.work = work;
  try {
    const value = ready().runInContext(context, { timeout: Math.ceil(ms) });
    return { ok: true, value, ms: performance.now() - began };
  } catch (error) {
    if (error.code === "ERR_SCRIPT_EXECUTION_TIMEOUT") return { ok: false };
    throw error;
  } finally {
    delete context.work;
  }
}

export {
  TIME,
  bounded
};
