import type { Change, Finding } from '../model/changes.ts';
import type { GuardRule } from '../model/policy.ts';
import { displayPath } from '../record/display.ts';
import { Bag, counted, finding } from './bag.ts';
import { Globs, touched } from './globs.ts';
import type { Touched } from './globs.ts';

/** Sees every change once, in order, then says what it found. */
export interface ChangeCheck {
  see(change: Change): void;
  findings(): readonly Finding[];
}
export type ChangeRule = Extract<GuardRule, { on: 'changes' }>;

/** A check for every rule over `changes.ndjson` but `max-added-lines`, which reads the patch as well. */
export function changeChecks(rules: readonly ChangeRule[]): readonly ChangeCheck[] {
  const paths = new PathCheck(rules);
  const others = rules.map((rule): ChangeCheck | null => {
    const { test } = rule;
    switch (test.kind) {
      case 'forbid':
        return new FlagCheck(rule, test.flags);
      case 'require':
        return new RequireCheck(rule, test.globs);
      case 'max-files':
        return new TotalCheck(rule, test.max, 'file', (change) => (isOnlyDirectory(change) ? 0 : 1));
      case 'max-bytes':
        return new TotalCheck(rule, test.max, 'byte', newBytes);
      case 'root':
        return test.allowed ? null : new RootCheck(rule);
      case 'allow':
      case 'review':
      case 'deny':
      case 'max-added-lines':
        return null;
    }
  });
  return [paths, ...others.filter((check) => check !== null)];
}

/** In the workspace, and in what git would track: the patch has it, `apply` would bring it. */
export function isTracked({ layer, flags }: Change): boolean {
  return layer === 'workspace' && !flags.includes('ignored') && !flags.includes('git-dir');
}

interface PathList {
  readonly rule: ChangeRule;
  readonly globs: Globs;
  readonly bag: Bag;
}

/** deny > review > allow, path by path; the first that matches decides. */
class PathCheck implements ChangeCheck {
  readonly #deny: readonly PathList[];
  readonly #review: readonly PathList[];
  readonly #allow: readonly PathList[];

  constructor(rules: readonly ChangeRule[]) {
    this.#deny = lists(rules, 'deny');
    this.#review = lists(rules, 'review');
    this.#allow = lists(rules, 'allow');
  }

  see(change: Change): void {
    if (change.layer !== 'workspace') return;
    for (const path of touched(change)) {
      const may = ({ globs }: PathList): boolean => globs.perhaps(path);
      const hit = this.#deny.find(may) ?? this.#review.find(may) ?? this.#notAllowed(change, path);
      hit?.bag.add(displayPath(path.bytes), path.directory ? null : path.bytes);
    }
  }

  findings(): readonly Finding[] {
    return [
      ...report(this.#deny, (paths) => `${paths} denied`),
      ...report(this.#review, (paths) => `${paths} to be reviewed`),
      ...report(this.#allow, (paths) => `${paths} not allowed`),
    ];
  }

  /** git tracks no directories, and what it ignores or owns does not leave the jail by the patch: those need no leave. */
  #notAllowed(change: Change, path: Touched): PathList | undefined {
    const needed = isTracked(change) && !path.directory;
    return needed && !this.#allow.some(({ globs }) => globs.surely(path)) ? this.#allow[0] : undefined;
  }
}

function lists(rules: readonly ChangeRule[], kind: 'deny' | 'review' | 'allow'): readonly PathList[] {
  return rules.flatMap((rule) => (rule.test.kind === kind ? [{ rule, globs: new Globs(rule.test.globs), bag: new Bag() }] : []));
}

function report(lists: readonly PathList[], say: (paths: string) => string): readonly Finding[] {
  return lists.filter(({ bag }) => bag.count > 0).map(({ rule, bag }) => bag.finding(rule, say(counted(bag.count, 'changed path'))));
}

/**
 * Where a flag counts. A secret, and a program that runs as another user, are wrong everywhere; noise is elsewhere only. A virtual environment's links, or a thousand
 * `package.json` below `node_modules`, are not: of what git ignores the others do not count.
 */
const EVERYWHERE: ReadonlySet<string> = new Set(['secret', 'setuid', 'noise']);
const WORKSPACE: ReadonlySet<string> = new Set(['special', 'ignored', 'git-dir', 'base-changed']);

class FlagCheck implements ChangeCheck {
  readonly #rule: ChangeRule;
  readonly #flags: readonly string[];
  readonly #bag = new Bag();

  constructor(rule: ChangeRule, flags: readonly string[]) {
    this.#rule = rule;
    this.#flags = flags;
  }

  see(change: Change): void {
    const { layer, flags } = change;
    const ignored = flags.includes('ignored');
    const counts = (flag: string): boolean => EVERYWHERE.has(flag) || (layer === 'workspace' && (WORKSPACE.has(flag) || !ignored));
    const found = flags.filter((flag) => this.#flags.includes(flag) && counts(flag));
    if (found.length === 0) return;
    const place = layer === 'workspace' ? '' : `${layer}: `;
    this.#bag.add(
      `${place}${displayPath(change.path)} (${found.map((flag) => described(flag, change)).join(', ')})`,
      layer === 'workspace' ? change.path : null,
    );
  }

  findings(): readonly Finding[] {
    const { count } = this.#bag;
    return count === 0 ? [] : [this.#bag.finding(this.#rule, `${counted(count, 'changed path')} with a forbidden flag`)];
  }
}

/** A flag, and what it is about where that is known. */
function described(flag: string, { why, token }: Change): string {
  if (flag === 'runs-later' && why !== undefined) return `${flag}: ${why}`;
  return flag === 'secret' && token !== undefined ? `${flag}: looks like a ${token}` : flag;
}

/** Every glob must be met by a change; one that begins with `!` takes paths out of those before it. */
class RequireCheck implements ChangeCheck {
  readonly #rule: ChangeRule;
  readonly #open: Map<string, Globs>;

  constructor(rule: ChangeRule, globs: readonly string[]) {
    this.#rule = rule;
    const isNegative = (glob: string) => glob.startsWith('!');
    this.#open = new Map(
      globs.flatMap((glob, index) => (isNegative(glob) ? [] : [[glob, new Globs([glob, ...globs.slice(index + 1).filter(isNegative)])]])),
    );
  }

  see(change: Change): void {
    if (this.#open.size === 0 || change.layer !== 'workspace') return;
    const paths = touched(change).filter((path) => !path.directory);
    for (const [glob, globs] of this.#open) {
      if (paths.some((path) => globs.surely(path))) this.#open.delete(glob);
    }
  }

  findings(): readonly Finding[] {
    if (this.#open.size === 0) return [];
    const bag = new Bag();
    for (const glob of this.#open.keys()) bag.add(glob);
    return [bag.finding(this.#rule, 'no change where one is required')];
  }
}

class TotalCheck implements ChangeCheck {
  readonly #rule: ChangeRule;
  readonly #max: number;
  readonly #noun: string;
  readonly #measure: (change: Change) => number;
  #total = 0;

  constructor(rule: ChangeRule, max: number, noun: string, measure: (change: Change) => number) {
    this.#rule = rule;
    this.#max = max;
    this.#noun = noun;
    this.#measure = measure;
  }

  see(change: Change): void {
    if (isTracked(change)) this.#total += this.#measure(change);
  }

  findings(): readonly Finding[] {
    const total = counted(this.#total, this.#noun);
    return this.#total > this.#max ? [finding(this.#rule, `${total} changed, the most allowed is ${this.#max}`)] : [];
  }
}

class RootCheck implements ChangeCheck {
  readonly #rule: ChangeRule;
  readonly #bag = new Bag();

  constructor(rule: ChangeRule) {
    this.#rule = rule;
  }

  see(change: Change): void {
    if (change.layer === 'root') this.#bag.add(`/${displayPath(change.path)}`);
  }

  findings(): readonly Finding[] {
    const { count } = this.#bag;
    return count === 0 ? [] : [this.#bag.finding(this.#rule, `${counted(count, 'path')} changed outside the workspace and the home`)];
  }
}

function isOnlyDirectory(change: Change): boolean {
  return touched(change).every((path) => path.directory);
}

/** Bytes of content that were not there before. */
function newBytes(change: Change): number {
  const written = change.op === 'added' || change.op === 'modified' || change.op === 'retyped';
  return written && change.after.type === 'file' ? change.after.size : 0;
}
