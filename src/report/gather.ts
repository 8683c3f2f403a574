import type { RunDocument, StepRecord } from '../model/record.ts';
import { RECORD } from '../model/record.ts';
import type { RecordFile } from '../model/record.ts';
import type { Conclusion } from '../record/conclusion.ts';
import { displayText } from '../record/display.ts';
import { RecordError } from '../record/error.ts';
import type { RecordReader } from '../record/read.ts';
import type { ReportData, StepData } from './data.ts';
import { gatherChanges } from './gather-changes.ts';
import { gatherNetwork, gatherUsage } from './gather-logs.ts';
import { gatherPatch } from './gather-patch.ts';
import { gatherPrograms } from './gather-programs.ts';
import { gatherTrajectory } from './gather-trajectory.ts';

const STEPS = 300;
const FINDINGS = 200;
const NOTICES = 100;

/** Everything that a report shows, of a record of any size. `cast`: the transcript to be replayed. */
export async function gather(conclusion: Conclusion, cast: () => Promise<string>, base: string): Promise<ReportData> {
  const { run, outcome, because, findings, record } = conclusion;
  const problems: string[] = [];
  /** A file that cannot be read is said, and the rest of the report still made. */
  const attempt = async <T>(work: () => T | Promise<T>, none: T): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof RecordError)) throw error;
      problems.push(error.message);
      return none;
    }
  };
  return {
    id: run.id,
    started: run.started,
    outcome,
    because: displayText(because, 1000),
    remedy: run.end.how === 'error' ? displayText(run.end.remedy) : '',
    findings: findings.slice(0, FINDINGS).map((finding) => ({ ...finding, message: displayText(finding.message, 1000) })),
    steps: run.steps.slice(0, STEPS).map(step),
    phases: Object.entries(run.phases).map(([name, t]) => ({ name, t })),
    limits: run.limits,
    notices: run.notices.slice(0, NOTICES).map((notice) => displayText(notice, 1000)),
    about: about(conclusion),
    changes: await attempt(() => gatherChanges(record), { total: 0, layers: [], rows: [], folders: [] }),
    patch: await attempt(() => gatherPatch(record), { files: [], left: 0 }),
    trajectory: conclusion.trajectory === null ? null : gatherTrajectory(conclusion.trajectory),
    network: await attempt(() => gatherNetwork(record), { rows: [], total: 0, denied: 0 }),
    programs: await attempt(() => gatherPrograms(record, run), {
      why: 'programs.ndjson could not be read',
      rows: [],
      total: 0,
      lost: 0,
      guest: false,
    }),
    usage: await attempt(() => gatherUsage(record), []),
    cast: await attempt(cast, ''),
    printed: await attempt(() => record.size('transcript.log') ?? 0, 0),
    result: await attempt(() => text(record, 'result.txt'), ''),
    files: await attempt(() => files(record), []),
    base,
    problems,
  };
}

function step({ name, setup, argv, tty = null, started, exit }: StepRecord): StepData {
  return {
    name: displayText(name),
    setup,
    terminal: tty === null ? '' : `${tty.rows} rows, ${tty.columns} columns`,
    command: displayText(argv.join(' '), 2000),
    started,
    ms: exit?.ms ?? null,
    end: started === null ? 'not started' : exit === null ? 'did not end' : (exit.signal ?? `exit code ${exit.code}`),
    ok: exit?.code === 0,
    hit: exit?.hit ?? [],
    bytes: exit?.bytes ?? 0,
  };
}

function about({ run, manifest }: Conclusion): ReportData['about'] {
  const { source, base, backend, host, root, redacted } = run;
  const secrets = Object.entries(redacted).filter(([, count]) => count > 0);
  const rows: [string, string][] = [
    ['run', run.id],
    ['started', run.started],
    ['backend', `${backend.name} ${backend.version}: ${backend.why}`],
    ['root', `${root.kind}${root.sha256 === null ? '' : ` ${root.sha256}`}`],
    ['workspace', run.workspace],
    ['commit', base === null ? 'none' : `${base.commit}${base.dirty ? ', with changes on top' : ''}`],
    ['policy from', 'file' in source ? `${source.kind}, ${source.file}` : source.kind],
    ['policy, SHA-256', run.policy.digest],
    ['manifest, SHA-256', manifest ?? 'not sealed'],
    ['patch and archive', run.exact ? 'exact' : 'not exact: something that holds a secret was withheld'],
    ['redacted', secrets.length === 0 ? 'nothing' : secrets.map(([name, count]) => `${name}: ${count} times`).join(', ')],
    ['machine', `${host.cpus} processors, kernel ${host.kernel}, ${host.arch}, cgroups ${host.cgroups}`],
    ['made by', `${run.tool.name} ${run.tool.version}, Node ${run.tool.node}`],
    ['proof of the jail', proof(run)],
  ];
  return rows.map(([name, value]) => [name, displayText(value, 1000)]);
}

const proof = ({ proof: seen }: RunDocument): string =>
  seen === null
    ? 'none: it never got that far'
    : seen.map(({ property, seen: value }) => `${property}: ${value.replaceAll('\t', ' ')}`).join('; ');

/** Small by the record's own limits. */
function text(record: RecordReader, file: RecordFile): string {
  return Buffer.concat([...record.pieces(file)].map((piece) => Buffer.from(piece)))
    .toString('utf8')
    .slice(0, 64 << 10)
    .toWellFormed();
}

/** What has content, and what is derived as the report is, whose sizes nobody knows yet. */
function files(record: RecordReader): ReportData['files'] {
  const names = (Object.keys(RECORD) as RecordFile[]).filter((name) => name !== 'report.html');
  return names.flatMap((name) => {
    if (!RECORD[name].sealed && name !== 'manifest.json') return { name, size: null };
    const size = record.size(name) ?? 0;
    return size === 0 ? [] : { name, size };
  });
}
