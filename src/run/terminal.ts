import { RUNTIME_FILES } from '../host/scratch.ts';
import { JailError } from '../model/errors.ts';
import type { HostPath } from '../model/names.ts';
import type { RunEnd } from '../model/protocol.ts';
import type { TerminalSize } from '../model/terminal.ts';
import { ownUid, Peer } from './children.ts';
import type { Place as HeldPlace } from './held.ts';

/** ms. */
const PATIENCE = 10_000;

/**
 * The terminal of a step: made in the held process's jail, by a process that brings what comes off it to where a step's output goes
 * (`terminal.pl`).
 */
export class Terminal {
  /** Resolves where it ended before the jail did: what the step prints goes nowhere then. */
  readonly died: Promise<RunEnd>;
  readonly #peer: Peer;
  #draining = false;
  private constructor(peer: Peer) {
    this.#peer = peer;
    this.died = new Promise((resolve) => {
      void peer.ended.then((how) => {
        if (!this.#draining) resolve({ how: 'error', started: true, message: how, remedy: 'run again', place: null });
      });
    });
  }
  /** `owner`: the uid of the step. Throws JailError. */
  static async make(script: HostPath, { pid, proc }: HeldPlace, owner: number, { rows, columns }: TerminalSize): Promise<Terminal> {
    const argv = ['perl', script, `${proc}/${pid}/root`, ...[owner, rows, columns, ownUid()].map(String)] as const;
    const peer = new Peer({ argv: [...argv], descriptors: [], name: 'terminal', cwd: RUNTIME_FILES });
    const { done } = await peer.messages().next();
    if (done === true) throw new JailError(await peer.ended, 'leave `tty` out, and report it with the output of `agent-jail doctor`');
    return new Terminal(peer);
  }
  /** Nothing of the jail lives any more: resolves once what is still on the terminal was brought. The gate is still open. */
  async drain(): Promise<void> {
    this.#draining = true;
    this.#peer.finish();
    const timer = setTimeout(() => this.#peer.kill(), PATIENCE);
    await this.#peer.ended;
    clearTimeout(timer);
  }
  kill(): void {
    this.#draining = true;
    this.#peer.kill();
  }
}
