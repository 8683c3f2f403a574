import type { Usage } from './answers.ts';
import type { Fields } from './json.ts';

/** A tool that the model may use. */
export interface Tool {
  readonly name: string;
  /** Of its arguments: names to JSON Schemas. */
  readonly properties: Fields;
  /** Takes text in place of arguments (OpenAI's custom tools). */
  readonly custom: boolean;
}
/** A piece of a conversation, in the order in which it was said. */
export type Message =
  | { readonly by: 'user' | 'tool'; readonly text: string }
  /** `calls`: ids of the calls that it made; '' where one has none. */
  | { readonly by: 'model'; readonly text: string; readonly calls: readonly string[] };

/** What a request asks, in words that all wire formats share. */
export interface Asked {
  readonly model: string;
  readonly stream: boolean;
  readonly tools: readonly Tool[];
  readonly messages: readonly Message[];
  /** Id of an earlier answer that the messages follow, with all that led to it; null: the messages are all there is. */
  readonly after: string | null;
  /** Later requests may follow its answer by its id alone. */
  readonly stored: boolean;
  /** The client wants to know of tokens in a stream, where it has to ask for that. */
  readonly countsTokens: boolean;
}
export interface ToolCall {
  readonly id: string;
  readonly name: string;
  readonly args: Fields;
  readonly custom: boolean;
}
/** What the model answers. Nothing of it may be empty but `text` or `calls`. */
export interface Said {
  /** Of this answer, unique among those of a server. */
  readonly id: string;
  readonly text: string;
  readonly calls: readonly ToolCall[];
  readonly usage: Usage;
}

/** An event of a stream; those of some formats have a name. Text stands as it is, all else as JSON. */
export interface Event {
  readonly event?: string;
  readonly data: unknown;
}
/** Of a request: its path, and the query behind it. */
export interface Target {
  readonly path: string;
  readonly query: URLSearchParams;
}
/** One wire format. All of its functions are pure. */
export interface Wire {
  readonly name: 'messages' | 'responses' | 'chat' | 'gemini';
  /** null: not a request for an answer of this format. */
  read(target: Target, body: Fields): Asked | null;
  events(asked: Asked, said: Said): readonly Event[];
  json(asked: Asked, said: Said): unknown;
  error(status: number, message: string): unknown;
  /** Whether a path is of this API. */
  owns(path: string): boolean;
  /** Other things that clients of this format ask; `models` are the names in the script. null: not known. */
  aside(target: Target, models: readonly string[]): unknown;
}

/** A text in pieces, as models give it: of some twenty characters, none of which is cut in two. */
export function pieces(text: string): string[] {
  return text.match(/[\s\S]{1,20}(?![\udc00-\udfff])/g) ?? [];
}

/** A moment that is the same in every run: answers are to be compared. */
export const CREATED = 1_767_225_600;
