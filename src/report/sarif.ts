import type { Finding } from '../model/changes.ts';
import type { Conclusion } from '../record/conclusion.ts';

const LEVEL = { fail: 'error', review: 'warning' } as const;

/**
 * `findings.sarif`: the findings for code scanning and editors (SARIF 2.1.0). A file is named from the workspace, its line is the first
 * changed one; a finding about no file stands at its rule in the policy, if that lies in the workspace.
 */
export function sarif({ run, findings }: Pick<Conclusion, 'run' | 'findings'>): object {
  const rules = [...new Set(findings.map(({ rule }) => rule))];
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: run.tool.name,
            semanticVersion: run.tool.version,
            rules: rules.map((id) => ({ id, shortDescription: { text: `the guard ${id} of agent-jail` } })),
          },
        },
        automationDetails: { id: `agent-jail/${run.id}` },
        originalUriBaseIds: { SRCROOT: { description: { text: 'the workspace' } } },
        columnKind: 'utf16CodeUnits',
        results: findings.flatMap((finding) => resultsOf(finding, rules.indexOf(finding.rule), run.workspace)),
      },
    ],
  };
}

function resultsOf(finding: Finding, ruleIndex: number, workspace: string): object[] {
  const { rule, action, message, what, more, at = [] } = finding;
  const one = (text: string, locations: readonly object[], id: string): object => ({
    ruleId: rule,
    ruleIndex,
    level: LEVEL[action],
    message: { text },
    locations,
    // Who uploads results of two runs sees the same finding once.
    partialFingerprints: { 'agentJailFinding/v1': `${rule}:${id}` },
  });
  if (at.length > 0) return at.map(({ path, line }) => one(`${message} (${rule})`, [location(path, line)], path));
  const named = what.length === 0 ? '' : `: ${what.join(', ')}${more > 0 ? `, and ${more} more` : ''}`;
  const place = placeInWorkspace(finding, workspace);
  return [one(`${message}${named} (${rule})`, place === null ? [] : [location(place.file, place.line)], '')];
}

/** Where the rule stands; null: not in a file of the workspace. A file on a drive of Windows's is where the jail has it. */
export function placeInWorkspace({ place }: Finding, workspace: string): { readonly file: string; readonly line: number } | null {
  if (place === null || place.file === '') return null;
  const whole = place.file.replace(/^([A-Za-z]):(?=\/)/, (_, drive: string) => `/${drive.toLowerCase()}`);
  const file = whole.startsWith(`${workspace}/`) ? whole.slice(workspace.length + 1) : whole;
  const parts = file.split('/');
  return file.startsWith('/') || file.startsWith('input ') || parts.includes('..') ? null : { file, line: place.line };
}

/** `line` null: it is about the file. */
function location(path: string, line: number | null): object {
  const uri = path.split('/').map(encodeURIComponent).join('/');
  return {
    physicalLocation: {
      artifactLocation: { uri, uriBaseId: 'SRCROOT' },
      ...(line === null ? {} : { region: { startLine: line } }),
    },
  };
}
