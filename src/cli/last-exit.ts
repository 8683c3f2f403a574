import { constants } from 'node:os';
import type { StepExit, WardenEvent } from '../model/protocol.ts';

/** Remembers how the last step ended. */
export class LastExit {
  #exit: StepExit | null = null;

  observe(event: WardenEvent): void {
    if (event.kind === 'step' && event.exit !== null) this.#exit = event.exit;
  }

  /** Exit code as a shell gives it: 128 + the signal's number for a killed step; null where no step ended. */
  get code(): number | null {
    if (this.#exit === null) return null;
    const { code, signal } = this.#exit;
    if (signal === null) return code;
    const number = (constants.signals as Readonly<Record<string, number>>)[signal];
    return number === undefined ? null : 128 + number;
  }
}
