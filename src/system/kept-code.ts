/** Where `started.ts` leaves how the code of this process is kept, for a program that it knows nothing of. */
export const KEEP: unique symbol = Symbol.for('agent-jail.keep-code');

/**
 * Keeps what V8 has compiled of this program by now for its next start: for its end, once it has done all that it usually does. Nothing
 * happens where it was started with such code, or without `started.ts`.
 */
export function keepCode(): void {
  (globalThis as { [KEEP]?: () => void })[KEEP]?.();
}
