import {
  oneLine
} from "./shared-action-log.js";
import {
  variable
} from "./shared-action-environment.js";

// src/action/suite-io.ts
async function spoken(env, command) {
  const core = await import("./core.js");
  let out = "";
  const io = {
    out: (text) => void (out += text),
    err: (text) => {
      for (const line of text.split("\n")) if (line !== "") core.info(oneLine(line));
    },
    env,
    cwd: variable(env, "GITHUB_WORKSPACE"),
    terminal: false,
    live: false,
    colours: false
  };
  const code = await command(io);
  return { code, out };
}

export {
  spoken
};
