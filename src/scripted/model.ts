import type { ServerResponse } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import { type Answer, type Answers, answersFor, choose, type Failure, type Input, type Script, TooSlow } from './answers.ts';
import { answerId, callId, inputsOf, lucky, numberIn, numberOf } from './conversation.ts';
import { Conversations } from './conversations.ts';
import { type Model, type Outcome, refuse, type Request, sendJson } from './exchange.ts';
import { fields, parsed } from './json.ts';
import { USAGE } from './parse.ts';
import { bodyOf, send, sendCut } from './stream.ts';
import { callOf, NoSuchTool } from './tools.ts';
import type { Asked, Said } from './wire.ts';

/** What is cut where the script says nothing of it. */
const BROKEN = 'This answer breaks off in the middle.';

interface Next {
  readonly id: string;
  readonly answer: Answer;
  /** As the log calls it. */
  readonly name: string;
  readonly failure: Failure | null;
}

/** A model that follows a script, in the wire formats of real ones. `docs/model.md` says by which rules. */
export class ScriptedModel implements Model {
  readonly #script: Script;
  readonly #seed: number;
  readonly #conversations = new Conversations();

  constructor(script: Script, seed = 0) {
    this.#script = script;
    this.#seed = seed;
  }

  async answer(request: Request, response: ServerResponse): Promise<Outcome> {
    const { wire } = request;
    const aside = wire.aside(request, [...this.#script.models.keys()]);
    if (aside !== null) return plain(response, aside);
    const body = parsed(request.body.toString());
    const asked = wire.read(request, fields(body));
    if (asked === null) return refuse(request, response, 404, `${request.method} ${request.path} is not known here`);
    if (fields(body) !== body) return refuse(request, response, 400, 'the body of the request is no JSON object');

    const answers = answersFor(this.#script, asked.model);
    if (answers === null) {
      return refuse(request, response, 404, `the script has no answers for the model ${JSON.stringify(asked.model.slice(0, 80))}`);
    }
    if (asked.tools.length === 0 && answers.answers.some(({ calls }) => calls.length > 0)) {
      const said = { id: answerId(0, 0), text: this.#script.aside, calls: [], usage: USAGE };
      send(response, bodyOf(wire, asked, said, wantsEvents(request)));
      return { status: 200, answer: 'aside', problem: null };
    }
    return await this.#next(request, response, asked, answers);
  }

  async #next(request: Request, response: ServerResponse, asked: Asked, answers: Answers): Promise<Outcome> {
    const inputs = this.#inputs(asked, answers);
    if (inputs === null) return refuse(request, response, 400, 'there is no answer with this previous_response_id');
    const told = asked.after === null ? numberIn(asked.messages) : numberOf(asked.after);
    const number = this.#conversations.number(told, inputs);
    const turn = inputs.length - 1;
    const details = { conversation: number, turn: turn + 1 };
    let next: Next | null;
    try {
      next = this.#choose(answers, inputs, number, turn);
    } catch (error) {
      if (!(error instanceof TooSlow)) throw error;
      return refuse(request, response, 400, `${answers.name}${error.message}: make it simpler`, details);
    }
    if (next === null) {
      const end = `the script has ended: ${answers.name} has no answer ${turn + 1} for this conversation`;
      return refuse(request, response, 400, `${end}, and there is no \`default\``, details);
    }
    if (next.answer.delay > 0 && !(await waited(next.answer.delay, response))) {
      return { status: 0, answer: next.name, problem: 'the client went away before the answer', details };
    }
    try {
      const said = saidOf(next, asked);
      this.#conversations.note(number, turn, next.failure !== null);
      if (asked.stored) this.#conversations.remember(next.id, inputs);
      return { ...(await give(request, response, asked, next, said)), details };
    } catch (error) {
      if (!(error instanceof NoSuchTool)) throw error;
      return refuse(request, response, 400, `${next.name}: ${error.message}`, details);
    }
  }

  /** null: they follow an answer that is not known. */
  #inputs(asked: Asked, answers: Answers): readonly Input[] | null {
    const all = this.#script.default === null ? answers.answers : [...answers.answers, this.#script.default];
    const own = inputsOf(asked.messages, all);
    if (asked.after === null) return own;
    const before = this.#conversations.before(asked.after);
    return before === undefined ? null : [...before, ...own];
  }

  #choose({ name, answers }: Answers, inputs: readonly Input[], number: number, turn: number): Next | null {
    const choice = choose(answers, inputs, (at, chance) => lucky(this.#seed, number, at, chance));
    const failures = choice.failures.flatMap((at) => Array.from({ length: answers[at]?.times ?? 0 }, () => at));
    const failed = failures[this.#conversations.failures(number, turn)];
    const at = failed ?? choice.answer;
    const answer = at === null ? this.#script.default : answers[at];
    if (answer === null || answer === undefined) return null;
    return { id: answerId(number, turn), answer, failure: answer.failure, name: at === null ? 'default' : `${name}[${at}]` };
  }
}

function saidOf({ id, answer }: Next, { tools }: Asked): Said {
  const calls = answer.calls.map((call, n) => ({ ...callOf(call, tools), id: callId(id, n) }));
  const text = answer.say === '' && calls.length === 0 ? BROKEN : answer.say;
  return { id, text, calls, usage: answer.usage };
}

async function give(request: Request, response: ServerResponse, asked: Asked, { name, failure }: Next, said: Said): Promise<Outcome> {
  const { wire } = request;
  if (failure?.kind === 'error') {
    const { status, message, retryAfter } = failure;
    sendJson(response, status, wire.error(status, message), retryAfter === null ? {} : { 'retry-after': String(retryAfter) });
    return { status, answer: name, problem: null };
  }
  const body = bodyOf(wire, asked, said, wantsEvents(request));
  if (failure?.kind === 'cut') await sendCut(response, body);
  else send(response, body);
  return { status: 200, answer: name, problem: null };
}

/** Only Gemini's clients have to ask for events in the address. */
const wantsEvents = ({ wire, query }: Request): boolean => wire.name !== 'gemini' || query.get('alt') === 'sse';

function plain(response: ServerResponse, value: unknown): Outcome {
  sendJson(response, 200, value);
  return { status: 200, answer: 'aside', problem: null };
}

/** Whether the client is still there after so many ms. */
async function waited(ms: number, response: ServerResponse): Promise<boolean> {
  const gone = new AbortController();
  const leave = (): void => gone.abort();
  response.once('close', leave);
  try {
    await setTimeout(ms, undefined, { signal: gone.signal });
    return true;
  } catch {
    return false;
  } finally {
    response.off('close', leave);
  }
}
