import {
  displayText
} from "./shared-record-display.js";

// src/report/markdown.ts
var MARKUP = /[`|<>&]|^ | $/g;
function inlineCode(text, limit = 200) {
  if (text === "") return "(empty)";
  const shown = displayText(text, limit).replace(MARKUP, (character) => `\\x${character.charCodeAt(0).toString(16)}`);
  return `\`${shown}\``;
}
function inlineShown(text, limit = 200) {
  return inlineCode(text, limit).replaceAll("\\\\", "\\");
}
function table(head, rows) {
  if (rows.length === 0) return [];
  const line = (cells) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line), ""];
}
function bytes(count) {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  const power = Math.min(units.length - 1, count < 1 ? 0 : Math.floor(Math.log2(count) / 10));
  const value = count / 1024 ** power;
  return `${power === 0 ? value : value.toFixed(1)} ${units[power]}`;
}
function time(ms) {
  if (ms < 1e3) return `${Math.round(ms)} ms`;
  if (ms < 6e4) return `${(ms / 1e3).toFixed(1)} s`;
  return `${Math.floor(ms / 6e4)} min ${Math.floor(ms % 6e4 / 1e3)} s`;
}

export {
  inlineCode,
  inlineShown,
  table,
  bytes,
  time
};
