// src/cli/problem.ts
function withRemedy(message, remedy) {
  return remedy === "" ? message : `${message.replace(/\.$/, "")}. ${remedy.charAt(0).toUpperCase()}${remedy.slice(1)}`;
}
function problemLine({ place, message, remedy }) {
  const where = place === null || place.file === "" ? "agent-jail" : `${place.file}:${place.line}:${place.column}`;
  return `${where}: ${withRemedy(message, remedy)}`;
}

export {
  withRemedy,
  problemLine
};
