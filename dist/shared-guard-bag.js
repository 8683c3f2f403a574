import {
  displayPath,
  utf8
} from "./shared-record-display.js";

// src/guard/bag.ts
var LONGEST = 1e3;
var NAMED = 20;
var Bag = class {
  #what = [];
  #at = [];
  #more = 0;
  /** `path`: of the workspace. */
  add(what, path = null) {
    if (this.#what.length === NAMED) {
      this.#more += 1;
      return;
    }
    this.#what.push(what);
    if (path === null) return;
    const text = displayPath(path, LONGEST);
    if (text === utf8(path)) this.#at.push({ path: text, line: null });
  }
  get count() {
    return this.#what.length + this.#more;
  }
  finding(rule, message) {
    const found = finding(rule, message, this.#what, this.#more);
    return this.#at.length === 0 ? found : { ...found, at: this.#at };
  }
};
function finding({ name, place, action }, message, what = [], more = 0) {
  return { rule: name, place, action, message, what, more };
}
function unchecked(rule, why) {
  return finding({ ...rule, action: "fail" }, `could not be checked: ${why}`);
}
var counted = (count, noun) => `${count} ${noun}${count === 1 ? "" : "s"}`;

export {
  Bag,
  finding,
  unchecked,
  counted
};
