const { constants } = process.getBuiltinModule("node:os");
import {
  notYet
} from "./shared-policy-not-yet.js";
import {
  placesOf
} from "./shared-policy-places.js";
import {
  wrong
} from "./shared-cli-args.js";
import {
  UserError
} from "./shared-model-errors.js";

// src/cli/last-exit.ts
var LastExit = class {
  #exit = null;
  observe(event) {
    if (event.kind === "step" && event.exit !== null) this.#exit = event.exit;
  }
  /** Exit code as a shell gives it: 128 + the signal's number for a killed step; null where no step ended. */
  get code() {
    if (this.#exit === null) return null;
    const { code, signal } = this.#exit;
    if (signal === null) return code;
    const number = constants.signals[signal];
    return number === void 0 ? null : 128 + number;
  }
};

// src/cli/not-yet.ts
function refuseNotYet(policy, backend) {
  const inForce = { ...policy, jail: { ...policy.jail, backend } };
  const at = placesOf(policy);
  const own = backend === policy.jail.backend;
  const problems = notYet(inForce, (path) => path.at(-1) === "backend" && !own ? null : at(path));
  if (problems.length > 0) throw new UserError(problems);
  if (backend === "chroot") throw wrong("the backend chroot is not in this version yet", "Use `auto` or `nspawn`.");
}

export {
  LastExit,
  refuseNotYet
};
