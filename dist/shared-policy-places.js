// src/policy/places.ts
var KNOWN = /* @__PURE__ */ new WeakMap();
function rememberPlaces(policy, places) {
  KNOWN.set(policy, places);
}
var placesOf = (policy) => KNOWN.get(policy) ?? (() => null);

export {
  rememberPlaces,
  placesOf
};
