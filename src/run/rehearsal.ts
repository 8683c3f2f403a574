import { mkdirSync } from 'node:fs';
import { makeChangedTree } from '../changes/changed-tree.ts';
import { REHEARSAL } from '../host/places.ts';
import { EVIDENCE, REHEARSE } from '../model/collector.ts';
import type { HostPath } from '../model/names.ts';
import type { RunRequest } from '../model/protocol.ts';
import { createRecord, seal, writeRun } from '../record/write.ts';
import { wantsCode } from '../system/code-cache.ts';
import { Collector, COLLECTOR_FLAGS } from './children.ts';
import { DERIVED, descriptors } from './collectors.ts';
import type { Channel } from './events.ts';
import { Paper } from './paper.ts';

/** ms. */
const PATIENCE = 20_000;
const OWNER = { uid: 0, gid: 0 };
/** Directories of the tree: there is little room. */
const DIRECTORIES = 4;

/**
 * Has a collector look at a changed tree and judge a record, both made here, for its compiled code to be kept (`code-cache.ts`). No collector
 * of a run does that: what it has in memory once it has read an agent's bytes could be anything, and is run by the next one. Where that code is
 * there already nothing is done; what goes wrong is of no consequence.
 */
export async function rehearse(request: RunRequest, channel: Channel, programs: { node: string; collector: HostPath }): Promise<void> {
  if (!wantsCode(programs.collector)) return;
  const place = (name: string): HostPath => `${REHEARSAL}/${name}` as HostPath;
  const [record, scratch] = [place('record'), place('scratch')];
  for (const directory of [REHEARSAL, record, scratch]) mkdirSync(directory, { mode: 0o700 });
  const layer = makeChangedTree(REHEARSAL, DIRECTORIES);
  const files = createRecord(record, OWNER);
  const names = [...EVIDENCE, ...DERIVED];
  const argv = [programs.node, ...COLLECTOR_FLAGS, programs.collector, String(names.length), REHEARSE] as const;
  const fds = names.map((name) => files.fd(name));
  const collector = new Collector([...argv], fds);
  try {
    const { id } = request;
    const nothing = { secrets: [], mask: [], touched: false, agents: [] };
    await collector.ask(
      { kind: 'changes', id, layers: [layer], outputs: descriptors(EVIDENCE, names), result: place('merged/d0/new'), scratch, ...nothing },
      PATIENCE,
    );
    writeRun(record, new Paper(request, channel).document(), OWNER);
    seal(record, id, OWNER);
    await collector.ask({ kind: 'verdict', id, record, secrets: {}, mask: [], outputs: descriptors(DERIVED, names) }, PATIENCE);
    await collector.ended;
  } finally {
    collector.kill();
    files.close();
  }
}
