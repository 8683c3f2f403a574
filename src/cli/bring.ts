import { applyPlaces, checkPlaces } from '../apply/apply.ts';
import type { CommitWish } from '../apply/commit.ts';
import { refuseOrigin } from '../apply/origin.ts';
import type { WantedOrigin } from '../apply/origin.ts';
import { planChanges } from '../apply/plan.ts';
import type { Plan } from '../apply/plan.ts';
import { Refusal } from '../apply/refusal.ts';
import { findTarget, refuseOtherBase } from '../apply/target.ts';
import type { Target } from '../apply/target.ts';
import { openExpected, refuseBroken, refuseRun } from '../apply/trust.ts';
import { runsLater } from '../changes/flags.ts';
import { decideRun } from '../guard/decide.ts';
import { evaluate } from '../guard/evaluate.ts';
import { UserError } from '../model/errors.ts';
import type { HostPath, Sha256 } from '../model/names.ts';
import type { Policy } from '../model/policy.ts';
import type { PolicySource } from '../model/protocol.ts';
import type { Conclusion } from '../record/conclusion.ts';
import { RecordError } from '../record/error.ts';
import type { Only } from './only.ts';
import { trajectoryOf } from '../run/trajectory.ts';

/** What a caller of `apply` wants, the command line's or the action's. */
export interface BringWish {
  readonly record: HostPath;
  readonly to: HostPath;
  readonly expect: Sha256;
  /** Of the caller, never the record's. */
  readonly policy: { readonly policy: Policy; readonly source: PolicySource };
  readonly origin: WantedOrigin;
  readonly only: Only;
  readonly allowRunsLater: boolean;
  /** A review guard that matches stops it. */
  readonly stopOnReview: boolean;
  /** Look, and write nothing. */
  readonly check: boolean;
  /** The identity is asked for once the checkout is known. */
  readonly commit: ((target: Target) => Promise<CommitWish>) | null;
}
export interface Brought {
  readonly state: 'applied' | 'checked' | 'nothing' | 'needs-review' | 'refused';
  readonly because: string;
  readonly remedy: string;
  readonly what: readonly string[];
  readonly more: number;
  /** The record as the caller's policy judges it; null: it did not come so far. */
  readonly conclusion: Conclusion | null;
  readonly base: string | null;
  readonly changed: number;
  readonly leftOut: Plan['leftOut'] | null;
  readonly commit: string | null;
  readonly warnings: readonly string[];
}

/** Exit codes of what came of it. */
export const STATE_EXIT: Readonly<Record<Brought['state'], number>> = { applied: 0, checked: 0, nothing: 0, refused: 3, 'needs-review': 4 };

/**
 * Brings the changes of a record into a checkout, or tells why not. In this order: the record is the expected one, of the expected run;
 * the caller's policy has nothing against it; none of its changes is one that is never applied; the checkout is its base. Only then
 * something is written, and all of it or nothing. Throws UserError and JailError alone.
 */
export async function bring(wish: BringWish): Promise<Brought> {
  if (process.platform !== 'linux') {
    throw new UserError([
      { message: `apply needs Linux, and this is ${process.platform}`, remedy: 'apply on a Linux machine', place: null },
    ]);
  }
  const bringing = new Bringing(wish);
  try {
    return await bringing.bring();
  } catch (error) {
    if (error instanceof Refusal) return bringing.end('refused', error.message, error);
    if (error instanceof RecordError) return bringing.end('refused', `the record cannot be taken: ${error.message}`, { remedy: DOWNLOAD });
    throw error;
  }
}
const DOWNLOAD = 'download it again; a record that was cut off, edited or made by another version is not applied';
const REVIEW = 'let somebody look at it, then apply with `on-review` pass';

class Bringing {
  readonly #wish: BringWish;
  #conclusion: Conclusion | null = null;
  #base: string | null = null;
  #plan: Plan | null = null;
  #commit: string | null = null;

  constructor(wish: BringWish) {
    this.#wish = wish;
  }

  async bring(): Promise<Brought> {
    const { record: dir, expect, to, origin, only, allowRunsLater, stopOnReview, check, commit } = this.#wish;
    const record = openExpected(dir, expect);
    await refuseBroken(record);
    const { value: run } = record.document('run.json');
    refuseOrigin(run.origin ?? null, origin);
    this.#base = refuseRun(run);

    const conclusion = await this.#judge(record, expect);
    const { outcome, because, findings } = conclusion;
    const what = { what: findings.flatMap((finding) => finding.what), more: findings.reduce((sum, { more }) => sum + more, 0) };
    if (outcome === 'needs-review' && stopOnReview) return this.end('needs-review', because, { ...what, remedy: REVIEW });
    if (outcome !== 'succeeded' && outcome !== 'needs-review') return this.end('refused', `the run counts as ${outcome}: ${because}`, what);

    const wanted = { only: (path: Parameters<Only['matches']>[0]) => only.matches(path), runsLater: allowRunsLater ? null : isRunLater };
    this.#plan = await planChanges(record.lines('changes.ndjson'), wanted);
    const target = await findTarget(to);
    await refuseOtherBase(target, this.#base, run.id);
    const { places } = this.#plan;
    if (check) {
      await checkPlaces(record, target, places);
      return this.end('checked', 'the changes can be applied');
    }
    const made = commit === null ? null : { wish: await commit(target), head: this.#base };
    if (places.length === 0) return this.end('nothing', 'there is nothing to apply');
    this.#commit = await applyPlaces(record, target, places, made);
    return this.end('applied', 'the changes are in the checkout');
  }

  /** The verdict of the record is not asked: its evidence is judged once more, by the caller's rules. */
  async #judge(record: Conclusion['record'], manifest: Sha256): Promise<Conclusion> {
    const { policy, source } = this.#wish.policy;
    const { value: run } = record.document('run.json');
    // Not the record's file: what is judged is what was sealed.
    const { trajectory } = await trajectoryOf(record, run);
    const findings = await evaluate(policy.guards, record, [source], trajectory);
    this.#conclusion = { run, findings, ...decideRun(run, findings), manifest, trajectory, record };
    return this.#conclusion;
  }

  end(
    state: Brought['state'],
    because: string,
    { remedy = '', what = [], more = 0 }: Partial<Pick<Brought, 'remedy' | 'what' | 'more'>> = {},
  ): Brought {
    return {
      state,
      because,
      remedy,
      what,
      more,
      conclusion: this.#conclusion,
      base: this.#base,
      changed: this.#plan?.places.length ?? 0,
      leftOut: this.#plan?.leftOut ?? null,
      commit: this.#commit,
      warnings: this.#warnings(),
    };
  }

  #warnings(): string[] {
    if (this.#plan === null) return [];
    const { policy } = this.#wish.policy;
    const other = this.#conclusion !== null && this.#conclusion.run.policy.digest !== policy.digest;
    return [
      ...this.#wish.only.unmatched().map((glob) => `only ${JSON.stringify(glob)} matches no change`),
      ...(other ? ['the run had another policy than the one that judges it here'] : []),
    ];
  }
}

const isRunLater = (path: Uint8Array): boolean => runsLater(path, false);
