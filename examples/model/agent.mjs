// The smallest agent there is: asks a model that speaks as Anthropic's do, and does what it says. Usage: node agent.mjs TASK
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';

const { ANTHROPIC_BASE_URL: base = 'https://api.anthropic.com', ANTHROPIC_API_KEY: key = '' } = process.env;
const TOOLS = {
  Bash: { takes: ['command'], run: ({ command }) => execFileSync('sh', ['-c', command], { encoding: 'utf8' }) },
  Read: { takes: ['file_path'], run: ({ file_path: path }) => readFileSync(path, 'utf8') },
  Write: { takes: ['file_path', 'content'], run: ({ file_path: path, content }) => (writeFileSync(path, content), 'written') },
};
const tools = Object.entries(TOOLS).map(([name, { takes }]) => {
  const properties = Object.fromEntries(takes.map((one) => [one, { type: 'string' }]));
  return { name, description: name, input_schema: { type: 'object', properties, required: takes } };
});

async function ask(messages, tries = 3) {
  const body = JSON.stringify({ model: 'claude-sonnet-4-5', max_tokens: 4096, tools, messages });
  const headers = { 'content-type': 'application/json', 'x-api-key': key, 'anthropic-version': '2023-06-01' };
  const response = await fetch(`${base}/v1/messages`, { method: 'POST', headers, body });
  if (response.ok) return response.json();
  const { error } = await response.json();
  if (![429, 529].includes(response.status) || tries === 1) throw new Error(`${response.status} ${error.message}`);
  await setTimeout(1000 * Number(response.headers.get('retry-after') ?? 1));
  return ask(messages, tries - 1);
}

const messages = [{ role: 'user', content: process.argv[2] ?? '' }];
for (;;) {
  const { content } = await ask(messages);
  for (const { text } of content) if (text !== undefined) console.log(text);
  const calls = content.filter(({ type }) => type === 'tool_use');
  if (calls.length === 0) break;
  const results = calls.map(({ id, name, input }) => ({ type: 'tool_result', tool_use_id: id, content: TOOLS[name].run(input) }));
  messages.push({ role: 'assistant', content }, { role: 'user', content: results });
}
