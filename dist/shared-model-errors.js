// src/model/errors.ts
var UserError = class extends Error {
  name = "UserError";
  problems;
  constructor(problems) {
    super(problems.map((p) => p.message).join("\n"));
    this.problems = problems;
  }
};
var JailError = class extends Error {
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
