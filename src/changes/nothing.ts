import type { CollectorRequest } from '../model/collector.ts';
import type { HostPath } from '../model/names.ts';
import { writeAll } from '../system/ndjson.ts';
import { writeManifest } from './manifest.ts';
import { SecretSearch } from './secrets.ts';
import { writeSessions } from './sessions.ts';

/** What `writeArchive` makes of no change: the two empty blocks that end a tar archive, through gzip. */
const EMPTY_ARCHIVE = Buffer.from('H4sIAAAAAAAEA2NgGAWjITAaAiM1BAAur7XvAAQAAA==', 'base64');

/** The evidence of a jail that left nothing, byte for byte what `collectChanges` writes then; patch and result stay empty. */
export function writeNothing({ id, layers, outputs }: Extract<CollectorRequest, { kind: 'nothing' }>): void {
  writeAll(outputs['changes.tar.gz'], EMPTY_ARCHIVE);
  const header = { id, layers: layers.map(({ layer, target }) => ({ layer, target })) };
  writeSessions(outputs['agent.ndjson'], { id }, null, [], new SecretSearch([]), '' as HostPath);
  const none = { leftOut: [] };
  writeManifest(outputs['changes.ndjson'], header, [], {
    ignored: 0,
    withheld: 0,
    patch: { files: 0, ...none },
    archive: { entries: 0, ...none },
  });
}
