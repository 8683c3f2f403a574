import {
  placesOf
} from "./shared-policy-places.js";

// src/policy/not-yet.ts
function notYet(policy, at = placesOf(policy)) {
  const { backend } = policy.jail;
  if (backend !== "vm") return [];
  const message = "jail.backend: vm is not in this version yet";
  return [{ message, remedy: "Use `auto`, `nspawn` or `docker`.", place: at(["jail", "backend"]) }];
}

export {
  notYet
};
