import type { LayerView } from '../model/collector.ts';
import { NdjsonWriter, writeAll } from '../system/ndjson.ts';
import { leftOutFields, writeManifest } from './manifest.ts';

/** What `writeArchive` makes of no change: the two empty blocks that end a tar archive, through gzip. */
const EMPTY_ARCHIVE = Buffer.from('H4sIAAAAAAAEA2NgGAWjITAaAiM1BAAur7XvAAQAAA==', 'base64');

/** Evidence that is written where there is nothing to read; patch and result stay empty. `outputs` are descriptors, open for writing. */
export interface Nothing {
  readonly id: string;
  readonly layers: readonly Pick<LayerView, 'layer' | 'target'>[];
  readonly outputs: { readonly [F in 'changes.ndjson' | 'changes.tar.gz' | 'agent.ndjson']: number };
}

/** The evidence of a jail that left nothing, byte for byte what `collectChanges` writes then. */
export function writeNothing({ id, layers, outputs }: Nothing): void {
  writeAll(outputs['changes.tar.gz'], EMPTY_ARCHIVE);
  new NdjsonWriter(outputs['agent.ndjson'], 'agent', { id }, 'buffer').end({ files: 0, ...leftOutFields([]) });
  const header = { id, layers: layers.map(({ layer, target }) => ({ layer, target })) };
  const none = { leftOut: [] };
  writeManifest(outputs['changes.ndjson'], header, [], {
    ignored: 0,
    withheld: 0,
    patch: { files: 0, ...none },
    archive: { entries: 0, ...none },
  });
}
