// src/record/error.ts
var RecordError = class extends Error {
  name = "RecordError";
  file;
  line;
  reason;
  constructor(file, line, reason) {
    super(`${file}${line === null ? "" : `:${line}`}: ${reason}`);
    this.file = file;
    this.line = line;
    this.reason = reason;
  }
};

export {
  RecordError
};
