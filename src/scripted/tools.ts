import type { Call } from './answers.ts';
import type { Fields } from './json.ts';
import { fields } from './json.ts';
import type { Tool, ToolCall } from './wire.ts';

/** What agents call the same tool, the usual names first, and how they call what it takes. */
const SHELL = {
  names: ['Bash', 'bash', 'run_shell_command', 'exec_command', 'shell_command', 'shell', 'execute_command', 'run_terminal_cmd', 'run_commands', 'terminal'],
  command: ['command', 'cmd', 'commands', 'script'],
}; // biome-ignore format: tables
const WRITE = {
  names: ['Write', 'write', 'write_file', 'write_to_file', 'create_file'],
  content: ['content', 'contents', 'file_text', 'text'],
};
const READ = { names: ['Read', 'read', 'read_file', 'view_file'] };
const PATH = ['file_path', 'filePath', 'absolute_path', 'target_file', 'path'];

/** Commands that some tools take otherwise, where the request says nothing of its tools' arguments. */
const TAKES: Readonly<Record<string, string>> = { exec_command: 'cmd', run_commands: 'commands' };
/** A list of these is words, not lines. */
const WORDS: readonly string[] = ['command', 'cmd'];

/** Why a call cannot be made of these tools. For the client, and the log. */
export class NoSuchTool extends Error {
  override readonly name = 'NoSuchTool';
}

/** Pure: the call by the tools that a request offers. Throws NoSuchTool. */
export function callOf(call: Call, tools: readonly Tool[]): Omit<ToolCall, 'id'> {
  switch (call.kind) {
    case 'run': {
      const shell = oneOf(tools, SHELL.names);
      if (shell === null) throw none('a tool that runs a command', '`run`', tools);
      return { name: shell.name, args: shellArgs(shell, call.command), custom: shell.custom };
    }
    case 'write': {
      const tool = oneOf(tools, WRITE.names);
      if (tool !== null) return of(tool, { [named(tool, PATH, 'path')]: call.path, [named(tool, WRITE.content, 'content')]: call.content });
      if (oneOf(tools, SHELL.names) === null) throw none('a tool that writes a file, or runs a command', '`write`', tools);
      const target = quote(call.path);
      const command = `mkdir -p -- "$(dirname -- ${target})" && printf %s ${quote(call.content)} > ${target}`;
      return callOf({ kind: 'run', command }, tools);
    }
    case 'read': {
      const tool = oneOf(tools, READ.names);
      if (tool !== null) return of(tool, { [named(tool, PATH, 'path')]: call.path });
      if (oneOf(tools, SHELL.names) === null) throw none('a tool that reads a file, or runs a command', '`read`', tools);
      return callOf({ kind: 'run', command: `cat -- ${quote(call.path)}` }, tools);
    }
    case 'tool': {
      const tool = tools.find(({ name }) => name === call.tool);
      if (tool === undefined) throw none(`a tool ${JSON.stringify(call.tool)}`, '`call`', tools);
      return of(tool, call.arguments);
    }
  }
}

const of = ({ name, custom }: Tool, args: Fields): Omit<ToolCall, 'id'> => ({ name, args, custom });
const oneOf = (tools: readonly Tool[], names: readonly string[]): Tool | null =>
  names.flatMap((wanted) => tools.find(({ name }) => name === wanted) ?? [])[0] ?? null;
const named = ({ properties }: Tool, names: readonly string[], usual: string): string =>
  names.find((name) => Object.hasOwn(properties, name)) ?? usual;

/** Some tools also want to be told what for. */
function shellArgs(tool: Tool, command: string): Fields {
  if (tool.custom) return { input: command };
  const key = named(tool, SHELL.command, TAKES[tool.name] ?? 'command');
  const list = fields(tool.properties[key])['type'] === 'array' || key === 'commands';
  const value = !list ? command : WORDS.includes(key) ? ['bash', '-c', command] : [command];
  return { [key]: value, ...(Object.hasOwn(tool.properties, 'description') ? { description: 'the next step of the script' } : {}) };
}

function none(what: string, key: string, tools: readonly Tool[]): NoSuchTool {
  const names = tools.map(({ name }) => name.slice(0, 80));
  const offered = names.length === 0 ? 'none at all' : `${names.slice(0, 20).join(', ')}${names.length > 20 ? ', …' : ''}`;
  return new NoSuchTool(`${key} needs ${what}, and the request offers ${offered}`);
}

/** As a POSIX shell takes it literally. */
const quote = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
