// src/model/errors.ts
var named = (value, name) => value instanceof Error && value.name === name;
var UserError = class extends Error {
  static [Symbol.hasInstance](value) {
    return named(value, "UserError");
  }
  name = "UserError";
  problems;
  constructor(problems) {
    super(problems.map((p) => p.message).join("\n"));
    this.problems = problems;
  }
};
var JailError = class extends Error {
  static [Symbol.hasInstance](value) {
    return named(value, "JailError");
  }
  name = "JailError";
  remedy;
  place;
  constructor(message, remedy, place = null, options) {
    super(message, options);
    this.remedy = remedy;
    this.place = place;
  }
};

export {
  UserError,
  JailError
};
