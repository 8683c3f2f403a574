import {
  readProc
} from "./shared-system-proc.js";

// src/backend/open-files.ts
var SOFT = 1024;
var HARD = 524288;
var openFiles = () => openFilesWithin(readProc("self", "limits") ?? "");
function openFilesWithin(limits) {
  const own = /^Max open files +\S+ +(\S+)/m.exec(limits)?.[1];
  const hard = own === void 0 || own === "unlimited" ? HARD : Math.min(HARD, Number(own));
  return { soft: Math.min(SOFT, hard), hard };
}

export {
  openFiles
};
