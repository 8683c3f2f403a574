/** A workflow command as the runner understood it. */
export interface Command {
  readonly name: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly data: string;
}

/** Every name that the runner knows (actions/runner, ActionCommandManager); any other is text. */
const REGISTERED: readonly string[] = [
  'set-env', 'set-output', 'save-state', 'add-mask', 'add-path', 'add-matcher', 'remove-matcher', 'debug', 'warning', 'error', 'notice',
  'group', 'endgroup', 'echo', 'stop-commands', 'internal-set-repo-path',
]; // biome-ignore format: a list

/** The names that the action and the artifact client use on purpose. */
export const OURS: readonly string[] = ['group', 'endgroup', 'error', 'warning', 'debug', 'add-mask', 'stop-commands'];

/** Reads a step's output as the runner does: lines end at CR, LF and CRLF; v2 at the trimmed start, then v1 anywhere; stop-commands. */
export class CommandReader {
  readonly commands: Command[] = [];
  /** What is left for people: lines that were no commands, masked. */
  readonly log: string[] = [];
  readonly masks: string[];
  #token: string | null = null;
  #rest = '';

  constructor(masks: string[]) {
    this.masks = masks;
  }

  push(text: string): void {
    // A CR at the end may be the first half of CRLF.
    const all = this.#rest + text;
    const parts = all.split(/\r\n|\n|\r(?!$)/);
    this.#rest = parts.pop() ?? '';
    for (const line of parts) this.#line(line);
  }

  flush(): void {
    for (const line of this.#rest.split('\r')) if (line !== '') this.#line(line);
    this.#rest = '';
  }

  /** A command that neither the action nor its libraries would give. */
  get foreign(): readonly Command[] {
    return this.commands.filter((command) => !OURS.includes(command.name));
  }

  /** Agent output is being printed, and no command is obeyed. */
  get stopped(): boolean {
    return this.#token !== null;
  }

  #line(line: string): void {
    const names = this.#token === null ? REGISTERED : [...REGISTERED, this.#token];
    const command = parseV2(line, names) ?? parseV1(line, names);
    if (command === null || (this.#token !== null && command.name !== this.#token)) {
      this.log.push(this.#masked(line));
      return;
    }
    if (command.name === this.#token) {
      this.#token = null;
      return;
    }
    if (command.name === 'stop-commands') this.#token = command.data;
    if (command.name === 'add-mask' && command.data !== '') this.masks.push(command.data);
    this.commands.push(command);
  }

  #masked(line: string): string {
    return this.masks.reduce((text, mask) => text.replaceAll(mask, '***'), line);
  }
}

/** `::name key=value,key=value::data` */
function parseV2(line: string, names: readonly string[]): Command | null {
  const text = line.trimStart();
  const end = text.indexOf('::', 2);
  if (!text.startsWith('::') || end === -1) return null;
  const [name = '', ...rest] = text.slice(2, end).split(' ');
  const known = names.find((n) => n.toLowerCase() === name.toLowerCase());
  if (known === undefined) return null;
  return { name: known, properties: properties(rest.join(' '), ',', true), data: unescape(text.slice(end + 2), false) };
}

/** `##[name key=value;key=value]data` */
function parseV1(line: string, names: readonly string[]): Command | null {
  const start = line.indexOf('##[');
  const end = line.indexOf(']', start);
  if (start === -1 || end === -1) return null;
  const [name = '', ...rest] = line.slice(start + 3, end).split(' ');
  const known = names.find((n) => n.toLowerCase() === name.toLowerCase());
  if (known === undefined) return null;
  return { name: known, properties: properties(rest.join(' '), ';', false), data: line.slice(end + 1) };
}

function properties(text: string, separator: string, escaped: boolean): Record<string, string> {
  const pairs = text
    .trim()
    .split(separator)
    .filter((pair) => pair.includes('='))
    .map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)] as const);
  return Object.fromEntries(pairs.map(([key, value]) => [key, escaped ? unescape(value, true) : value]));
}

function unescape(text: string, property: boolean): string {
  const data = text.replaceAll('%0D', '\r').replaceAll('%0A', '\n');
  const all = property ? data.replaceAll('%3A', ':').replaceAll('%2C', ',') : data;
  return all.replaceAll('%25', '%');
}

/** A command file (`GITHUB_OUTPUT`, `GITHUB_STATE`, …): the last value of a name holds. Throws where the runner fails the step. */
export function parseFile(text: string): Record<string, string> {
  const values: Record<string, string> = {};
  const lines = text.split('\n');
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] ?? '';
    if (line === '') continue;
    const [equals, heredoc] = [line.indexOf('='), line.indexOf('<<')];
    if (heredoc !== -1 && (equals === -1 || heredoc < equals)) {
      const end = lines.indexOf(line.slice(heredoc + 2), at + 1);
      if (end === -1) throw new Error(`no line ${line.slice(heredoc + 2)}`);
      values[line.slice(0, heredoc)] = lines.slice(at + 1, end).join('\n');
      at = end;
    } else {
      if (equals <= 0) throw new Error(`invalid line: ${line}`);
      values[line.slice(0, equals)] = line.slice(equals + 1);
    }
  }
  return values;
}
