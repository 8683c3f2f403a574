/** A JSON object that a client wrote: any key may be missing, any value of another kind. */
export type Fields = Readonly<Record<string, unknown>>;

const NONE: Fields = {};

export const fields = (value: unknown): Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : NONE;
export const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
export const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** The text of content as the wire formats write it: a text, or parts of which some have one, be it in a part of their own. */
export function textOf(content: unknown): string {
  if (typeof content === 'string') return content;
  const parts = Array.isArray(content) ? content : [content];
  return parts
    .map((part) => (typeof part === 'string' ? part : text(fields(part)['text'])))
    .filter((part) => part !== '')
    .join('\n');
}

/** null: not JSON. */
export function parsed(json: string): unknown {
  try {
    return JSON.parse(json) as unknown;
  } catch {
    return null;
  }
}
