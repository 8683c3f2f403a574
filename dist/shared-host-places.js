// src/host/places.ts
var STATE = "/var/lib/agent-jail";
var TOOLS = `${STATE}/tools`;
var ROOTS = `${STATE}/roots`;
var WORK = `${STATE}/work`;
var RUN_SYSTEMD = "/run/systemd";
var COLLECT = `${RUN_SYSTEMD}/agent-jail-collect`;
var REHEARSAL = `${RUN_SYSTEMD}/agent-jail-rehearsal`;
var hostName = (id) => `agent-jail-${id}`;
var work = (...parts) => [WORK, ...parts].join("/");

export {
  STATE,
  TOOLS,
  hostName,
  work
};
