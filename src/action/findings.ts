import type { Finding } from '../model/changes.ts';
import { placeInWorkspace } from '../report/sarif.ts';
import { oneLine } from './log.ts';

/** The runner keeps ten annotations of a kind from one step, and the verdict is the last of them. */
const MOST = 9;

export interface Annotation {
  readonly kind: 'error' | 'warning';
  readonly text: string;
  readonly file: string | null;
  readonly line: number | null;
}

/**
 * Findings as annotations: each at the first changed line of the files that it names, or else at its rule in the policy. `quiet`: names that
 * an agent gave are not shown. Pure.
 */
export function annotationsOf(findings: readonly Finding[], workspace: string, quiet: boolean): readonly Annotation[] {
  const all = findings.flatMap((finding): Annotation[] => {
    const { rule, action, message, at = [] } = finding;
    const kind = action === 'fail' ? 'error' : 'warning';
    const text = oneLine(`${message} (${rule})`);
    if (at.length > 0 && !quiet) return at.map(({ path, line }) => ({ kind, text, file: path, line }));
    const place = placeInWorkspace(finding, workspace);
    return [{ kind, text, file: place?.file ?? null, line: place?.line ?? null }];
  });
  const first = (kind: Annotation['kind']): Annotation[] => all.filter((one) => one.kind === kind).slice(0, MOST);
  return [...first('error'), ...first('warning')];
}

/** Prints them. The toolkit escapes what would end a command or its properties. */
export async function annotateFindings(annotations: readonly Annotation[]): Promise<void> {
  if (annotations.length === 0) return;
  const core = await import('@actions/core');
  for (const { kind, text, file, line } of annotations) {
    core[kind](text, {
      title: 'agent-jail',
      ...(file === null ? {} : { file }),
      ...(line === null ? {} : { startLine: line }),
    });
  }
}
