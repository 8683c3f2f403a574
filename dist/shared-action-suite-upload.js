const { existsSync, lstatSync, readdirSync } = process.getBuiltinModule("node:fs");
const { dirname, join } = process.getBuiltinModule("node:path");
import {
  readTrials
} from "./shared-suite-trials.js";
import {
  artifactName,
  uploadFiles
} from "./shared-action-artifacts.js";

// src/action/suite-upload.ts
var DEEPEST = 4;
function resultFiles(folder, depth = 0) {
  if (depth > DEEPEST || lstatSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) return [];
  const own = join(folder, "trials.ndjson");
  if (depth > 0 && lstatSync(own, { throwIfNoEntry: false })?.isFile() === true) return [own];
  return readdirSync(folder).sort().filter((name) => name !== "trials").flatMap((name) => resultFiles(join(folder, name), depth + 1));
}
async function uploadResults(folder, {
  upload,
  records,
  fallback,
  id
}, env, say) {
  const paths = readdirSync(folder).map((name2) => join(folder, name2)).filter((path) => lstatSync(path).isFile());
  let bytes = total(paths);
  let left = 0;
  for (const record of await recordsOf(join(folder, "trials.ndjson"), records)) {
    const files = filesBelow(record);
    const size = total(files);
    if (bytes + size > upload.max) {
      left += 1;
      continue;
    }
    bytes += size;
    paths.push(...files);
  }
  if (left > 0) say(`records of ${left} trials are not uploaded: the artifact would be larger than max-upload`);
  const name = artifactName(upload.name || fallback, id);
  return uploadFiles({ paths, directory: folder, name, id, retentionDays: upload.retentionDays }, env, say);
}
async function recordsOf(file, which) {
  if (which === "none" || !existsSync(file)) return [];
  const [passed, others] = [[], []];
  for await (const { outcome, record } of readTrials(file))
    if (record !== null) (outcome === "pass" ? passed : others).push(join(dirname(file), record));
  return which === "failed" ? others : [...others, ...passed];
}
function filesBelow(directory) {
  if (lstatSync(directory, { throwIfNoEntry: false })?.isDirectory() !== true) return [];
  return readdirSync(directory).flatMap((name) => {
    const path = join(directory, name);
    const stat = lstatSync(path);
    return stat.isDirectory() ? filesBelow(path) : stat.isFile() ? [path] : [];
  });
}
var total = (paths) => paths.reduce((sum, path) => sum + lstatSync(path).size, 0);

export {
  resultFiles,
  uploadResults
};
