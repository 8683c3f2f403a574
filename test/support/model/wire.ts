/** What a request asks, in words that all wire formats share. */
export interface Asked {
  readonly model: string;
  readonly stream: boolean;
  /** Tool results in the conversation. */
  readonly results: number;
  /** Names of the tools that the model may use. */
  readonly tools: readonly string[];
}
/** What the model answers. */
export type Said =
  | { readonly text: string }
  | { readonly call: { readonly id: string; readonly name: string; readonly args: Readonly<Record<string, unknown>> } };

/** An event of a stream; those of some formats have a name. */
export interface Event {
  readonly event?: string;
  readonly data: unknown;
}
/** One wire format. All of its functions are pure. */
export interface Wire {
  readonly name: string;
  /** null: not a request of this format. */
  read(path: string, query: URLSearchParams, body: unknown): Asked | null;
  events(asked: Asked, said: Said): readonly Event[];
  json(asked: Asked, said: Said): unknown;
  error(status: number, message: string): unknown;
  /** Other things that clients of this format ask; null: not known. */
  aside(path: string): unknown;
}

/** Tokens of every request: the same each time, so that what a run used can be asserted. */
export const TOKENS = { input: 1200, output: 40 } as const;

/** Tools by which agents run a command, and what they want to be told. */
const SHELLS: Readonly<Record<string, (command: string) => Readonly<Record<string, unknown>>>> = {
  bash: (command) => ({ command }),
  Bash: (command) => ({ command, description: 'the next step' }),
  run_shell_command: (command) => ({ command, description: 'the next step' }),
  exec_command: (cmd) => ({ cmd }),
  shell: (command) => ({ command: ['bash', '-c', command] }),
  run_commands: (command) => ({ commands: [command] }),
};
export const shellOf = (tools: readonly string[]): string | null => tools.find((name) => Object.hasOwn(SHELLS, name)) ?? null;
export const callOf = (name: string, command: string, step: number): Said => ({
  call: { id: `call_${step}`, name, args: SHELLS[name]?.(command) ?? {} },
});
