import {
  placesOf
} from "./shared-policy-places.js";

// src/policy/not-yet.ts
function notYet(policy, at = placesOf(policy)) {
  const { backend, root } = policy.jail;
  return [
    ...root.kind === "image" ? [problem("jail.root: { image }", "Use `host`, `directory` or `archive`.", at(["jail", "root", "image"]))] : [],
    ...backend === "vm" ? [problem("jail.backend: vm", "Use `auto`, `nspawn` or `docker`.", at(["jail", "backend"]))] : [],
    ...rulesNotYet(policy.agent, "", at),
    ...inherits(policy) ? [] : rulesNotYet(policy.setup, "setup.", (path) => at(["setup", ...path])),
    ...policy.limits.upload === null ? [] : [problem("limits.upload", "Leave it out.", at(["limits", "upload"]))]
  ];
}
function stepNotYet(step) {
  return step.tty === null ? [] : [problem(`tty of step ${JSON.stringify(step.name)}`, "Leave `tty` out.", step.place)];
}
function rulesNotYet({ network, secrets }, prefix, at) {
  const [host] = network.allow;
  const [service] = network.services;
  return [
    ...host === void 0 ? [] : [problem(`${prefix}network.allow`, "Use `network: none`.", host.place)],
    ...service === void 0 ? [] : [problem(`${prefix}network.services`, "Leave it out.", service.place)],
    ...network.mode === "observe" ? [problem(`${prefix}network.observe`, "Use `network: none`.", at(["network", "observe"]))] : [],
    ...secrets.filter(({ use }) => use === "inject").map(({ name, place }) => problem(`${prefix}secrets.${name}: { inject }`, "Leave it out; there is no network to use it on.", place))
  ];
}
function inherits({ agent, setup }) {
  return setup.secrets.length === 0 && JSON.stringify(setup.network) === JSON.stringify(agent.network);
}
function problem(what, remedy, place) {
  return { message: `${what} is not in this version yet`, remedy, place };
}

export {
  notYet,
  stepNotYet
};
