// src/action/environment.ts
function variable(env, name) {
  return env[name] ?? "";
}
function inputVariable(name) {
  return `INPUT_${name.replaceAll(" ", "_").toUpperCase()}`;
}

export {
  variable,
  inputVariable
};
