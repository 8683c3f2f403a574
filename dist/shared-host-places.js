// src/host/places.ts
var STATE = "/var/lib/agent-jail";
var TOOLS = `${STATE}/tools`;
var ROOTS = `${STATE}/roots`;
var WORK = `${STATE}/work`;
var RUN_SYSTEMD = "/run/systemd";
var COLLECT = `${RUN_SYSTEMD}/agent-jail-collect`;
var hostName = (id) => `agent-jail-${id}`;
var stateOf = (id) => `${STATE}/${id}`;
var ID = /^[0-9A-HJKMNP-TV-Z]{26}$/;
var work = (...parts) => [WORK, ...parts].join("/");

export {
  STATE,
  TOOLS,
  ROOTS,
  WORK,
  RUN_SYSTEMD,
  COLLECT,
  hostName,
  stateOf,
  ID,
  work
};
