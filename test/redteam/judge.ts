import { createHash } from 'node:crypto';

/** `did not run`: nothing was shown, which counts as badly as an escape. `documented`: cannot be stopped, and the manual says so. */
export type Verdict = 'blocked' | 'ESCAPED' | 'did not run' | 'documented';
export interface Judged {
  /** Such as `C4-devices`: part and row of the list of attacks, then the attack. */
  readonly id: string;
  readonly verdict: Verdict;
  readonly detail: string;
}
export interface Canaries {
  /** What the probes must come upon: the proof that their method works. */
  readonly plain: string;
  /** What they must not, by what it is. */
  readonly hidden: ReadonlyMap<string, string>;
}
export interface Probe {
  readonly file: string;
  /** Every id that the probe has to answer for. */
  readonly results: readonly string[];
}

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Ids in the header of a probe's source: `# results: A1-x A1-y`. */
export function resultsOf(source: string): string[] {
  const line = /^(?:#|\/\/) results: (.+)$/m.exec(source)?.[1];
  if (line === undefined) throw new Error('a probe says what it is about to show: `# results: …`');
  return line.trim().split(/\s+/);
}

/**
 * Judges what a batch printed. A probe has run if it printed the nonce and came upon the plain canary in the same process, answered for
 * all its ids and ended well. It is an escape if it says so, or came upon a canary that is hidden.
 */
export function judge(probes: readonly Probe[], output: string, nonce: string, canaries: Canaries): Judged[] {
  const hidden = new Map([...canaries.hidden].map(([value, what]) => [sha256(value), what]));
  return probes.flatMap(({ file, results }) => {
    const section = sectionOf(output, file);
    const seen = [...(section?.text ?? '').matchAll(/^SAW (\S+) ([0-9a-f]{64})$/gm)].map(([, id = '', hash = '']) => ({ id, hash }));
    const answers = new Map(
      [...(section?.text ?? '').matchAll(/^RESULT (\S+) (blocked|ESCAPED) ?(.*)$/gm)].map(([, id = '', how, detail = '']) => [
        id,
        { how, detail },
      ]),
    );
    const broken =
      section === null
        ? 'it was not started'
        : !section.text.startsWith(`START ${nonce}\n`)
          ? 'it did not start in a jail'
          : !seen.some(({ hash }) => hash === sha256(canaries.plain))
            ? 'it did not come upon the plain canary'
            : section.code !== 0
              ? `it ended with ${section.code ?? 'nothing'}: ${section.text.trim().split('\n').slice(-2).join(' / ').slice(0, 300)}`
              : null;
    const strangers = [...answers.keys(), ...seen.map(({ id }) => id)].filter((id) => !results.includes(id));
    return [...results, ...new Set(strangers)].map((id): Judged => {
      const answer = answers.get(id);
      const found = seen.flatMap((s) => (s.id === id ? (hidden.get(s.hash) ?? []) : []));
      // An escape counts whatever else went wrong.
      if (found.length > 0) return { id, verdict: 'ESCAPED', detail: `came upon ${[...new Set(found)].join(', ')}` };
      if (answer?.how === 'ESCAPED') return { id, verdict: 'ESCAPED', detail: answer.detail };
      if (broken !== null) return { id, verdict: 'did not run', detail: broken };
      if (!results.includes(id)) return { id, verdict: 'did not run', detail: `${file} does not announce it` };
      if (answer === undefined) return { id, verdict: 'did not run', detail: 'it did not say how it went' };
      return { id, verdict: 'blocked', detail: '' };
    });
  });
}

/** What a probe printed between the lines that the batch prints around it. */
function sectionOf(output: string, file: string): { readonly text: string; readonly code: number | null } | null {
  const start = `BEGIN ${file}\n`;
  const at = output.indexOf(start);
  if (at === -1) return null;
  const rest = output.slice(at + start.length);
  const end = new RegExp(`^END ${file.replaceAll('.', '\\.')} (\\d+)$`, 'm').exec(rest);
  return { text: end === null ? (rest.split(/^BEGIN /m)[0] ?? '') : rest.slice(0, end.index), code: end === null ? null : Number(end[1]) };
}

/** An answer that the host gives, having looked itself. */
export function looked(id: string, ran: boolean, escapes: readonly string[], why = 'its method did not work'): Judged {
  if (escapes.length > 0) return { id, verdict: 'ESCAPED', detail: escapes.join('; ').slice(0, 300) };
  return ran ? { id, verdict: 'blocked', detail: '' } : { id, verdict: 'did not run', detail: why };
}
