// src/report/html.ts
var DATA = "@DATA@";
function fill(page, data) {
  const json = JSON.stringify(data).replaceAll("<", "\\u003c");
  const at = page.indexOf(DATA);
  if (at === -1) throw new Error("the page of the report has no place for its data");
  return Buffer.concat([page.subarray(0, at), Buffer.from(json), page.subarray(at + DATA.length)]);
}

export {
  fill
};
