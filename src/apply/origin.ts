import type { Origin } from '../model/record.ts';
import { displayText } from '../record/display.ts';
import { Refusal } from './refusal.ts';

/** Where a record must come from; null: anywhere. */
export interface WantedOrigin {
  readonly server: string | null;
  readonly repository: string | null;
  readonly run: string | null;
  /** Records of events whose head is in a fork, or in a repository that is gone. */
  readonly forks: boolean;
}

/** @throws Refusal for a record of another repository, another run or a fork. */
export function refuseOrigin(origin: Origin | null, wanted: WantedOrigin): void {
  const { server, repository, run, forks } = wanted;
  if (origin === null) {
    if (repository === null && run === null) return;
    throw new Refusal('the record does not say which repository and run it is of', 'apply the record of a run that GitHub started');
  }
  const same = (what: string, is: string, name: string | null, remedy: string): void => {
    if (name !== null && is !== name)
      throw new Refusal(`the record is of the ${what} ${displayText(is)}, not ${displayText(name)}`, remedy);
  };
  same('server', origin.server, server, 'apply it where it was made');
  // GitHub does not tell names apart that differ in case.
  same('repository', origin.repository.toLowerCase(), repository?.toLowerCase() ?? null, 'name the repository, if that is what you want');
  same('workflow run', origin.run, run, 'name the run, if that is what you want');
  if (!forks && origin.head?.toLowerCase() !== origin.repository.toLowerCase()) {
    const head = origin.head === null ? 'a repository that is gone' : displayText(origin.head);
    throw new Refusal(
      `the record is about a commit of ${head}, not of ${displayText(origin.repository)}`,
      'allow forks, if that is what you want',
    );
  }
}
