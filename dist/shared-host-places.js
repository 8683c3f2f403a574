// src/host/places.ts
var STATE = "/var/lib/agent-jail";
var TOOLS = `${STATE}/tools`;
var WORK = `${STATE}/work`;
var COLLECT = `${STATE}/collect`;
var stateOf = (id) => `${STATE}/${id}`;
var ID = /^[0-9A-HJKMNP-TV-Z]{26}$/;
var work = (...parts) => [WORK, ...parts].join("/");

export {
  STATE,
  TOOLS,
  WORK,
  COLLECT,
  stateOf,
  ID,
  work
};
