// src/guard/bag.ts
var NAMED = 20;
var Bag = class {
  #what = [];
  #more = 0;
  add(what) {
    if (this.#what.length < NAMED) this.#what.push(what);
    else this.#more += 1;
  }
  get count() {
    return this.#what.length + this.#more;
  }
  finding(rule, message) {
    return finding(rule, message, this.#what, this.#more);
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
