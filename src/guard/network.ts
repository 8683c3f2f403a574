import type { Finding } from '../model/changes.ts';
import type { GuardRule } from '../model/policy.ts';
import { displayText } from '../record/display.ts';
import type { RecordReader } from '../record/read.ts';
import { Bag, counted, unchecked } from './bag.ts';

/** Different hosts that are told apart; a scan of a network has more. */
const HOSTS = 10_000;

/** `guards.network.denied`: the jail asked for, or tried to reach, what the policy does not allow. */
export async function networkFindings(rule: Extract<GuardRule, { on: 'network' }>, record: RecordReader): Promise<readonly Finding[]> {
  const lines = record.lines('network.ndjson');
  if (!lines.complete) return [unchecked(rule, 'network.ndjson is not whole')];
  const seen = new Set<string>();
  const bag = new Bag();
  let listed = 0;
  for await (const line of lines) {
    if (line.verdict !== 'denied') continue;
    listed += 1;
    const host = `${line.name ?? line.address ?? 'unknown'}:${line.port}`;
    if (seen.has(host) || seen.size >= HOSTS) continue;
    seen.add(host);
    bag.add(displayText(host));
  }
  // The gateway counts what it no longer lists.
  const total = lines.footer?.['denied'];
  const denied = typeof total === 'number' ? Math.max(total, listed) : listed;
  return denied === 0 ? [] : [bag.finding(rule, counted(denied, 'denied request'))];
}
