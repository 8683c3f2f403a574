import type { ReportData, TurnData } from '../data.ts';
import { count, h, inPortions, tableOf } from './dom.ts';
import { shown } from './text.ts';

const PORTION = 100;
/** Characters of a call that its folded line shows. */
const BRIEF = 120;
const WHO = { user: 'User', agent: 'Agent', system: 'System' } as const;

/** The agent's own log as a conversation, tool calls folded. */
export function trajectory({ trajectory: data }: ReportData): readonly Node[] {
  if (data === null) return [h('p', { class: 'quiet' }, 'No log of an agent was found.')];
  const talk = h('div', { class: 'talk' });
  const items: readonly (TurnData | null)[] =
    data.left === 0 ? data.turns : [...data.turns.slice(0, data.head), null, ...data.turns.slice(data.head)];
  inPortions(talk, items, PORTION, (item) => (item === null ? gap(data.left) : turn(item)), 'steps');
  const fold = (open: boolean) => () => {
    for (const details of talk.querySelectorAll('details')) details.open = open;
  };
  return [
    h('p', { class: 'quiet' }, `${shown(data.agent)}. This is what the agent says of itself; trajectory.json has all of it.`),
    tableOf(
      'What was used',
      ['what', 'how much', 'who says so'],
      ...data.totals.map(([name, value, source]) => [name, shown(value), source]),
    ),
    h(
      'div',
      { class: 'filters' },
      h('button', { type: 'button', click: fold(true) }, 'Unfold all'),
      h('button', { type: 'button', click: fold(false) }, 'Fold all'),
    ),
    talk,
  ];
}

const gap = (left: number): HTMLElement => h('p', { class: 'quiet' }, `${count(left, 'step')} left out here.`);

function turn({ id, source, about, text, thought, calls, callsLeft, others }: TurnData): HTMLElement {
  return h(
    'article',
    { class: `turn ${source}`, 'aria-label': `Step ${id}, ${WHO[source]}` },
    h('h3', {}, `${id} ${WHO[source]}`, ' ', h('span', { class: 'quiet' }, shown(about))),
    ...(thought === '' ? [] : [folded('Thoughts', '', pre(thought))]),
    ...(text === '' ? [] : [h('p', { class: 'said' }, shown(text))]),
    ...calls.map(({ name, args, result, failed }) =>
      folded(
        name,
        args,
        pre(args),
        result === null ? h('p', { class: 'quiet' }, 'Nothing is told of what came of it.') : pre(result),
        ...(failed ? [h('p', { class: 'failed' }, 'It failed.')] : []),
      ),
    ),
    ...(callsLeft > 0 ? [h('p', { class: 'quiet' }, `${count(callsLeft, 'call')} left out here.`)] : []),
    ...others.map((other) => folded('Result of a call that is not told', '', pre(other))),
  );
}

function folded(name: string, args: string, ...inside: readonly Node[]): HTMLElement {
  const brief = args.replace(/\s+/g, ' ').slice(0, BRIEF).toWellFormed();
  return h('details', {}, h('summary', {}, h('b', {}, shown(name)), ' ', h('code', {}, shown(brief))), ...inside);
}

const pre = (text: string): HTMLElement => h('pre', { tabindex: 0 }, shown(text));
