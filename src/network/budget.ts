import type { Traffic, TrafficLimit } from '../model/gateway.ts';

/** What a run may still send, receive, open and ask. What goes beyond is refused, and told once. */
export class Budget {
  readonly used: Record<TrafficLimit, number> = { upload: 0, download: 0, connections: 0, requests: 0 };
  readonly #limits: Traffic<number | null>;
  readonly #tell: (limit: TrafficLimit) => void;
  readonly #hit = new Set<TrafficLimit>();

  constructor(limits: Traffic<number | null>, tell: (limit: TrafficLimit) => void) {
    this.#limits = limits;
    this.#tell = tell;
  }

  /** False: it is more than there is; nothing was taken. */
  take(limit: TrafficLimit, amount: number): boolean {
    const most = this.#limits[limit];
    if (most !== null && this.used[limit] + amount > most) {
      if (!this.#hit.has(limit)) this.#tell(limit);
      this.#hit.add(limit);
      return false;
    }
    this.used[limit] += amount;
    return true;
  }
}
export const beyond = (limit: TrafficLimit): string => `limits.${limit} is reached`;
