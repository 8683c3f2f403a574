import {
  looksSecret
} from "./shared-policy-weak.js";
import {
  placesOf
} from "./shared-policy-places.js";
import "./shared-policy-schema.js";
import "./shared-policy-shape.js";
import "./shared-model-changes.js";
import "./shared-system-proc.js";
import "./shared-policy-rules.js";
import "./shared-system-exec.js";
import "./shared-valibot.js";
import "./shared-policy-units.js";
import "./shared-policy-nearest.js";
import {
  UserError
} from "./shared-model-errors.js";
import "./shared-runtime.js";

// src/backend/chroot.ts
var CHROOT_LACKS = "the backend chroot isolates nothing: the agent has the machine's network whatever the policy says, nothing of it is logged, every system call is let through, and the warden's processes can be seen. It is for comparison only: use nspawn or docker";

// src/policy/unisolated.ts
var REMEDY = "Leave it out, or use a jail: `--backend nspawn` or `docker`.";
var TRAFFIC = ["upload", "download", "connections", "requests"];
function unisolated(policy, steps) {
  const at = placesOf(policy);
  const own = rulesOf(policy.agent, "", at);
  const said = (problem2) => own.some(
    ({ message, place }) => message === problem2.message.replace("setup.", "") && (problem2.place === null || JSON.stringify(place) === JSON.stringify(problem2.place))
  );
  return [
    ...own,
    // What setup steps have from the run stands there once.
    ...rulesOf(policy.setup, "setup.", at).filter((problem2) => !said(problem2)),
    ...TRAFFIC.filter((name) => policy.limits[name] !== null).map(
      (name) => problem(`limits.${name}: there is no gateway to keep it`, at(["limits", name]))
    ),
    ...policy.guards.filter(({ on }) => on === "network").map(({ name, place }) => problem(`${name}: nothing of the network is refused or logged`, place)),
    ...steps.flatMap(
      ({ name, env, place }) => credentials(Object.keys(env)).map(
        (variable) => problem(`${variable} of the step ${JSON.stringify(name)} looks like a credential`, place)
      )
    )
  ];
}
function rulesOf({ env, passEnv, secrets, network }, prefix, at) {
  const path = (...rest) => at([...prefix === "" ? [] : ["setup"], ...rest]);
  return [
    ...secrets.map(
      ({ name, use, place }) => problem(
        use === "inject" ? `${prefix}secrets.${name}: there is no gateway to put it in` : `${prefix}secrets.${name}: the value could leave by the machine's network`,
        place
      )
    ),
    ...credentials(passEnv).map((name) => problem(`${prefix}pass-env: ${name} looks like a credential`, path("pass-env"))),
    ...credentials(Object.keys(env)).map((name) => problem(`${prefix}env: ${name} looks like a credential`, path("env", name))),
    ...network.mode === "observe" ? [problem(`${prefix}network.observe: nothing of the network is logged`, path("network", "observe"))] : [],
    ...unique(network.allow).map(
      ({ pattern, place }) => problem(`${prefix}network.allow: ${pattern}: nothing else would be refused`, place)
    ),
    ...network.services.map(
      ({ name, place }) => problem(`${prefix}network.services.${name}: there is no gateway that leads to it; every port of the machine is open`, place)
    )
  ];
}
var unique = (rules) => [
  ...new Map(rules.map((rule) => [`${rule.pattern} ${JSON.stringify(rule.place)}`, rule])).values()
];
var credentials = (names) => names.filter(looksSecret);
function problem(what, place) {
  return {
    message: `the backend chroot isolates nothing: ${what}`,
    remedy: REMEDY,
    place: place === null || place.file === "" ? null : place
  };
}

// src/cli/unisolated.ts
function warnUnisolated(policy, steps, io) {
  const problems = unisolated(policy, steps);
  if (problems.length > 0) throw new UserError(problems);
  if (!io.live) io.err(`agent-jail: warning: ${CHROOT_LACKS}
`);
}
export {
  warnUnisolated
};
