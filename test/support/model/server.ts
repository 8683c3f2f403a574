import type { IncomingMessage, ServerResponse } from 'node:http';
import { bodyOf, send, type Site } from '../world/sites/site.ts';
import { parseScript, type Script, type Step } from './script.ts';
import { type Asked, callOf, type Event, type Said, shellOf, type Wire } from './wire.ts';
import { CHAT } from './wires/chat.ts';
import { GEMINI } from './wires/gemini.ts';
import { MESSAGES } from './wires/messages.ts';
import { RESPONSES } from './wires/responses.ts';

const WIRES: readonly Wire[] = [MESSAGES, RESPONSES, CHAT, GEMINI];
/** To requests that cannot run a command (titles, summaries), and where the script ends. */
const [ASIDE, DONE] = ['An aside.', 'Done.'];

export interface Logged {
  readonly wire: string;
  readonly model: string;
  readonly results: number;
  readonly userAgent: string;
  /** Headers that carry a key, as they came. */
  readonly credentials: Readonly<Record<string, string>>;
}

/** A model that follows a script, in the wire formats of real ones. Holds no state: the conversation says which step is next. */
export class Model implements Site {
  readonly log: Logged[] = [];
  readonly #script: Script;
  constructor(script: unknown) {
    this.#script = parseScript(script);
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://model');
    const json = (status: number, value: unknown) => send(response, status, 'application/json', JSON.stringify(value));
    const text = (await bodyOf(request)).toString();
    const body: unknown = isJson(text) ? JSON.parse(text) : {};
    for (const wire of WIRES) {
      const asked = wire.read(pathname, searchParams, body);
      if (asked !== null) {
        this.#note(wire, asked, request);
        const said = this.#next(asked);
        if ('error' in said) return json(said.error.status, wire.error(said.error.status, 'the script has it fail'));
        return asked.stream ? stream(response, wire.events(asked, said)) : json(200, wire.json(asked, said));
      }
      const aside = wire.aside(pathname);
      if (aside !== null) return json(200, aside);
    }
    return json(pathname === '/' ? 200 : 404, {});
  }

  #next({ results, tools }: Asked): Said | Extract<Step, { error: unknown }> {
    const step = this.#script.steps[results];
    if (step !== undefined && 'error' in step) return step;
    const shell = shellOf(tools);
    if (shell === null) return { text: ASIDE };
    if (step === undefined) return { text: DONE };
    return 'text' in step ? step : callOf(shell, step.bash, results + 1);
  }
  #note({ name: wire }: Wire, { model, results }: Asked, { headers }: IncomingMessage): void {
    const credentials = Object.fromEntries(
      ['authorization', 'x-api-key', 'x-goog-api-key'].flatMap((name) =>
        typeof headers[name] === 'string' ? [[name, headers[name]]] : [],
      ),
    ) as Record<string, string>;
    this.log.push({ wire, model, results, userAgent: headers['user-agent'] ?? '', credentials });
  }
}

function stream(response: ServerResponse, events: readonly Event[]): void {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
  for (const { event, data } of events) {
    const named = event === undefined ? '' : `event: ${event}\n`;
    response.write(`${named}data: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`);
  }
  response.end();
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
