// Collects the changes of one overlay as the collector does. Usage: node collect.ts UPPER SETUP BASE MERGED OUT all|manifest
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { collectChanges, differences } from '../../src/changes/collect.ts';
import { writeManifest } from '../../src/changes/manifest.ts';
import { withRenames } from '../../src/changes/rename.ts';
import { SecretSearch } from '../../src/changes/secrets.ts';
import { openView } from '../../src/changes/view.ts';
import { Readahead } from '../../src/changes/readahead.ts';
import { EVIDENCE } from '../../src/model/collector.ts';
import type { HostPath, JailPath } from '../../src/model/names.ts';

const [upper, setup, base, merged, out, what] = process.argv.slice(2) as HostPath[];
if (upper === undefined || setup === undefined || base === undefined || merged === undefined || out === undefined)
  throw new Error('five paths');
const scratch = join(out, 'scratch') as HostPath;
mkdirSync(scratch, { recursive: true });
const outputs = Object.fromEntries(EVIDENCE.map((file) => [file, openSync(join(out, file), 'wx')])) as Record<
  (typeof EVIDENCE)[number],
  number
>;
const layer = { layer: 'workspace', target: '/work' as JailPath, upper, lowers: [setup, base], merged, swapped: null } as const;
if (what === 'manifest') {
  const readahead = new Readahead(scratch);
  const items = await differences([openView(layer, layer.target)], new SecretSearch([]), readahead);
  const none = { leftOut: [] };
  const footer = {
    xattrs: await readahead.end(),
    ignored: 0,
    withheld: 0,
    patch: { files: 0, ...none },
    archive: { entries: 0, ...none },
  };
  writeManifest(outputs['changes.ndjson'], {}, withRenames(items.map((item) => item.change)), footer);
} else {
  const id = '01ARZ3NDEKTSV4RRFFQ69G5FAV';
  const result = join(out, 'none') as HostPath;
  await collectChanges({
    kind: 'changes',
    id,
    layers: [layer],
    outputs,
    result,
    secrets: [],
    mask: [],
    touched: false,
    agents: [],
    scratch,
  });
}
for (const fd of Object.values(outputs)) closeSync(fd);
