// src/plan/environment.ts
var OWN = /* @__PURE__ */ new Set(["HOME", "USER", "LOGNAME", "SHELL", "TMPDIR", "AGENT_JAIL", "AGENT_JAIL_RESULT"]);
var REFUSED = [
  { name: /^ACTIONS_/, why: "it is one of the runner's own tokens and addresses", asSecret: false },
  {
    name: /^GITHUB_(?:ENV|PATH|OUTPUT|STATE|STEP_SUMMARY|ARTIFACTS|ARTIFACTS_LIST)$/,
    why: "by that file the runner is told what later steps do",
    asSecret: false
  },
  { name: /^GITHUB_EVENT_PATH$/, why: "the jail does not see that file", asSecret: false },
  { name: /^RUNNER_(?!(?:OS|ARCH|ENVIRONMENT|DEBUG)$)/, why: "it names what the jail does not see of the runner", asSecret: false },
  { name: /^INPUT_/, why: "it is an input of the action's, and may be a token", asSecret: false },
  { name: /^STATE_/, why: "it is the action's own state", asSecret: false },
  {
    name: /^(?:SSH_AUTH_SOCK|DBUS_SESSION_BUS_ADDRESS|XDG_RUNTIME_DIR)$/,
    why: "it names a socket, which the jail does not see",
    asSecret: false
  },
  { name: /^(?:GITHUB_TOKEN|GH_TOKEN|GITHUB_PAT|GH_ENTERPRISE_TOKEN|GITHUB_ENTERPRISE_TOKEN)$/, why: "it is a token", asSecret: true }
];
var placeholderOf = (run, secret) => `agent-jail-placeholder-${secret}-${run}`;
function stepEnvironment({ id, rules, step, caller }) {
  const env = {
    TERM: step.tty === null ? "dumb" : "xterm-256color",
    CI: "true",
    AGENT_JAIL: "1"
  };
  const problems = [];
  const refuse = (what, name, why, place, remedy) => {
    problems.push({ message: `${what}: ${name} cannot be used: ${why}`, place, remedy });
  };
  const literals = (what, values, place) => {
    for (const [name, value] of Object.entries(values)) {
      if (OWN.has(name)) refuse(what, name, "the jail sets it itself", place, "leave it out, or set it in the script");
      else if (name === "" || /[=\0]/.test(name) || value.includes("\0"))
        refuse(what, JSON.stringify(name), "no process can have such a variable", place, "give it another name or value");
      else env[name] = value;
    }
  };
  literals("env", rules.env, null);
  for (const name of rules.passEnv) {
    const refused = REFUSED.find((row) => row.name.test(name));
    if (OWN.has(name) || name === "PATH")
      refuse(
        "pass-env",
        name,
        "the jail has its own",
        null,
        name === "PATH" ? "`jail.toolchain: auto` brings what is on yours" : "leave it out"
      );
    else if (refused !== void 0)
      refuse("pass-env", name, refused.why, null, refused.asSecret ? "name it under `secrets`" : "leave it out");
    else if (caller[name] !== void 0) env[name] = caller[name];
  }
  for (const { name, use, place } of rules.secrets) {
    const refused = REFUSED.find((row) => !row.asSecret && row.name.test(name));
    if (OWN.has(name) || name === "PATH") refuse("secrets", name, "the jail has its own", place, "give the secret another name");
    else if (refused !== void 0) refuse("secrets", name, refused.why, place, "set a secret of another name");
    else if (use === "inject") env[name] = placeholderOf(id, name);
    else if (caller[name] !== void 0) env[name] = caller[name];
  }
  literals("env of the step", step.env, step.place);
  return { env, problems };
}
function imageEnvironment(lines) {
  const env = {};
  const left = [];
  for (const line of lines) {
    const [, name, value = ""] = /^([A-Za-z_][A-Za-z0-9_]*)=([^\0]*)$/.exec(line) ?? [];
    if (name === void 0) left.push(JSON.stringify(line.split("=")[0]));
    else if (name !== "PATH" || value !== "") env[name] = value;
  }
  return { env, left };
}

export {
  placeholderOf,
  stepEnvironment,
  imageEnvironment
};
