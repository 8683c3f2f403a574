/** A JSON object that a stranger wrote: any key may be missing, any value of another kind. */
export type Fields = Readonly<Record<string, unknown>>;

const NONE: Fields = {};

export const fields = (value: unknown): Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : NONE;
export const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
export const text = (value: unknown): string => (typeof value === 'string' ? value : '');
/** A count or an amount; anything else, also what is negative or not finite, is none. */
export const amount = (value: unknown): number => (typeof value === 'number' && value >= 0 && value <= 1e12 ? value : 0);
export const isObject = (value: unknown): value is Fields => fields(value) === value;

/** Milliseconds since 1970, or ISO 8601; null: neither. */
export function time(value: unknown): string | null {
  if (typeof value === 'string') return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/.test(value) ? value : null;
  return typeof value === 'number' && Math.abs(value) < 8.64e15 ? new Date(value).toISOString() : null;
}

/** The text of content as agents write it: a text, or a list of parts of which some have one. What is no text is named by its type. */
export function textOf(content: unknown): string {
  if (typeof content === 'string') return content;
  if (isObject(content) && typeof content['text'] === 'string') return content['text'];
  const parts = list(content).map((part) => {
    const { text: own, type } = fields(part);
    return typeof part === 'string' ? part : typeof own === 'string' ? own : typeof type === 'string' ? `[${type}]` : '';
  });
  return parts.filter((part) => part !== '').join('\n');
}

/** Arguments of a call, also where they stand as JSON in a text; what is no object becomes one. */
export function args(value: unknown): Fields {
  if (isObject(value)) return value;
  if (typeof value !== 'string') return value === undefined || value === null ? {} : { value };
  try {
    const parsed: unknown = JSON.parse(value);
    return isObject(parsed) ? parsed : { value: parsed };
  } catch {
    return { value };
  }
}
