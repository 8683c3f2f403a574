/** For people: `-` stands for what is not known. */
const NONE = '-';

/** `66.7 %`, `100 %`. */
export function percent(value: number | null): string {
  return value === null ? NONE : `${Number((value * 100).toFixed(1))} %`;
}

/** A difference of rates, in percentage points: `-16.7`, `+5`, `0`. */
export function points(value: number | null): string {
  if (value === null) return NONE;
  const shown = Number((value * 100).toFixed(1));
  return shown > 0 ? `+${shown}` : String(shown);
}

/** `44 to 100 %`. */
export function interval(of: { readonly low: number; readonly high: number } | null): string {
  return of === null ? NONE : `${Math.round(of.low * 100)} to ${Math.round(of.high * 100)} %`;
}

/** `0.031`, `< 0.0001`. */
export function probability(value: number | null): string {
  if (value === null) return NONE;
  return value < 0.0001 ? '< 0.0001' : String(Number(value.toPrecision(2)));
}

/** `$12.30`, `$0.0042`, `< $0.0001`. */
export function usd(value: number | null): string {
  if (value === null) return NONE;
  if (value > 0 && value < 0.0001) return '< $0.0001';
  return `$${value === 0 || value >= 0.01 ? value.toFixed(2) : String(Number(value.toPrecision(2)))}`;
}

/** `12,345`. */
export function number(value: number | null): string {
  return value === null ? NONE : value.toLocaleString('en');
}

/** `2026-11-28 02:00` of ISO 8601; what is none stands as it is. */
export function minute(started: string): string {
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(started) ? started.slice(0, 16).replace('T', ' ') : started;
}
