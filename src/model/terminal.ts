/** Of a terminal, in characters. */
export interface TerminalSize {
  readonly rows: number;
  readonly columns: number;
}
/** What a terminal has where nobody says (terminfo, `xterm-256color`). */
export const USUAL_SIZE: TerminalSize = { rows: 24, columns: 80 };
