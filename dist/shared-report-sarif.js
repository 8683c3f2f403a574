// src/report/sarif.ts
var LEVEL = { fail: "error", review: "warning" };
function sarif({ run, findings }) {
  const rules = [...new Set(findings.map(({ rule }) => rule))];
  return {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name: run.tool.name,
            semanticVersion: run.tool.version,
            rules: rules.map((id) => ({ id, shortDescription: { text: `the guard ${id} of agent-jail` } }))
          }
        },
        automationDetails: { id: `agent-jail/${run.id}` },
        originalUriBaseIds: { SRCROOT: { description: { text: "the workspace" } } },
        columnKind: "utf16CodeUnits",
        results: findings.flatMap((finding) => resultsOf(finding, rules.indexOf(finding.rule), run.workspace))
      }
    ]
  };
}
function resultsOf(finding, ruleIndex, workspace) {
  const { rule, action, message, what, more, at = [] } = finding;
  const one = (text, locations, id) => ({
    ruleId: rule,
    ruleIndex,
    level: LEVEL[action],
    message: { text },
    locations,
    // Who uploads results of two runs sees the same finding once.
    partialFingerprints: { "agentJailFinding/v1": `${rule}:${id}` }
  });
  if (at.length > 0) return at.map(({ path, line }) => one(`${message} (${rule})`, [location(path, line)], path));
  const named = what.length === 0 ? "" : `: ${what.join(", ")}${more > 0 ? `, and ${more} more` : ""}`;
  const place = placeInWorkspace(finding, workspace);
  return [one(`${message}${named} (${rule})`, place === null ? [] : [location(place.file, place.line)], "")];
}
function placeInWorkspace({ place }, workspace) {
  if (place === null || place.file === "") return null;
  const whole = place.file.replace(/^([A-Za-z]):(?=\/)/, (_, drive) => `/${drive.toLowerCase()}`);
  const file = whole.startsWith(`${workspace}/`) ? whole.slice(workspace.length + 1) : whole;
  const parts = file.split("/");
  return file.startsWith("/") || file.startsWith("input ") || parts.includes("..") ? null : { file, line: place.line };
}
function location(path, line) {
  const uri = path.split("/").map(encodeURIComponent).join("/");
  return {
    physicalLocation: {
      artifactLocation: { uri, uriBaseId: "SRCROOT" },
      ...line === null ? {} : { region: { startLine: line } }
    }
  };
}

export {
  sarif,
  placeInWorkspace
};
