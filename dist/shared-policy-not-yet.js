import {
  placesOf
} from "./shared-policy-places.js";

// src/policy/not-yet.ts
function notYet(policy, at = placesOf(policy)) {
  const { backend } = policy.jail;
  return backend === "vm" ? [problem("jail.backend: vm", "Use `auto`, `nspawn` or `docker`.", at(["jail", "backend"]))] : [];
}
function stepNotYet(step) {
  return step.tty === null ? [] : [problem(`tty of step ${JSON.stringify(step.name)}`, "Leave `tty` out.", step.place)];
}
function problem(what, remedy, place) {
  return { message: `${what} is not in this version yet`, remedy, place };
}

export {
  notYet,
  stepNotYet
};
