import { time } from '../../markdown.ts';
import type { Cell, SuiteData, TaskData } from '../../suite/data.ts';
import { arrange, ONLY, ORDERS, rateOf } from '../../suite/order.ts';
import type { Only, Order, Wish } from '../../suite/order.ts';
import { changeOf } from '../../suite/rows.ts';
import { percent, points, usd } from '../../suite/units.ts';
import { choice, count, field, h, scrollable, toggle } from '../dom.ts';
import { shown } from '../text.ts';
import { details } from './details.ts';
import { dates } from './trends.ts';

/** Rows that are made at once. A browser needs seconds for 500 of 30 nights, so the next are made when one comes near to them. */
const PORTION = 30;
const FACTS = ['rate', 'change', 'time', 'cost'] as const;
/** rem: of the name, of a fact, of a night, as in page.css. */
const WIDE = [20, 5.5, 3.9] as const;

/** Tasks by nights, the newest night first. A row opens the details of its task. */
export class Matrix {
  readonly nodes: readonly Node[];
  readonly search: HTMLInputElement;
  readonly #data: SuiteData;
  readonly #body = h('tbody');
  readonly #found = h('p', { class: 'quiet', role: 'status' });
  readonly #rows = new Map<TaskData, HTMLTableRowElement>();
  readonly #open = new Map<TaskData, HTMLTableRowElement>();
  #wish: Wish = { text: '', only: '', order: 'worst', reverse: false };
  /** Tasks that have no row yet, and the row that says so. */
  #left: readonly TaskData[] = [];
  #last: HTMLTableRowElement | null = null;
  readonly #box: HTMLElement;
  readonly #end: IntersectionObserver;

  constructor(data: SuiteData) {
    this.#data = data;
    const { label, input } = field('Task', (text) => this.#set({ text }));
    this.search = input;
    const reverse = toggle('Reverse', false, () => {
      this.#set({ reverse: !this.#wish.reverse });
      reverse.setAttribute('aria-pressed', String(this.#wish.reverse));
    });
    const columns = [
      h('th', { scope: 'col', class: 'name' }, 'task'),
      ...FACTS.map((name) => h('th', { scope: 'col', class: 'fact' }, name)),
      ...dates(data.nights).map((date) => h('th', { scope: 'col', class: 'night' }, date)),
    ];
    const table = h(
      'table',
      { class: 'matrix' },
      h('caption', { class: 'hidden' }, 'Tasks by nights'),
      h('thead', {}, h('tr', {}, ...columns)),
      this.#body,
    );
    const [name, fact, night] = WIDE;
    table.style.width = `${name + FACTS.length * fact + data.nights.length * night}rem`;
    this.#box = scrollable('Tasks by nights', table);
    this.#box.classList.add('tall');
    this.#end = new IntersectionObserver((seen) => seen.some(({ isIntersecting }) => isIntersecting) && this.#more(), {
      root: this.#box,
      rootMargin: '300px',
    });
    this.nodes = [
      h(
        'div',
        { class: 'filters' },
        label,
        choice('only', ONLY, (only) => this.#set({ only: only as Only | '' })),
        choice('sort by', ORDERS.slice(1), (order) => this.#set({ order: (order || 'worst') as Order }), 'worst first'),
        reverse,
      ),
      this.#found,
      this.#box,
      h(
        'p',
        { class: 'quiet' },
        '✓ all passed, ✗ none passed, 3/5 some did, – nothing was measured. Change in percentage points against the baseline.',
      ),
    ];
    this.#show();
  }

  /** To the next or the previous task of those that are shown. */
  move(by: 1 | -1): void {
    const buttons = [...this.#body.querySelectorAll<HTMLButtonElement>('.name button')];
    const at = buttons.findIndex((one) => one === document.activeElement);
    buttons[at === -1 ? 0 : Math.min(buttons.length - 1, Math.max(0, at + by))]?.focus();
  }

  #set(wish: Partial<Wish>): void {
    this.#wish = { ...this.#wish, ...wish };
    this.#show();
  }

  #show(): void {
    const tasks = arrange(this.#data.tasks, this.#wish);
    const { tasksLeft } = this.#data;
    this.#found.textContent = `${count(tasks.length, 'task')} listed${tasksLeft > 0 ? `; ${count(tasksLeft, 'task')} found no room here, suite.json has all` : ''}`;
    this.#body.replaceChildren();
    this.#end.disconnect();
    this.#left = tasks;
    this.#more();
  }

  #more(): void {
    this.#last?.remove();
    const rows = this.#left.slice(0, PORTION);
    this.#left = this.#left.slice(PORTION);
    this.#body.append(...rows.flatMap((task) => this.#rowsOf(task)));
    if (this.#left.length === 0) return;
    const button = h('button', { type: 'button', click: () => this.#more() }, `Show more: ${count(this.#left.length, 'task')} left`);
    this.#last = h('tr', {}, h('td', { colspan: 5 }, button));
    this.#body.append(this.#last);
    this.#end.observe(this.#last);
  }

  #rowsOf(task: TaskData): readonly HTMLTableRowElement[] {
    const row = this.#rows.get(task) ?? this.#row(task);
    this.#rows.set(task, row);
    const open = this.#open.get(task);
    return open === undefined ? [row] : [row, open];
  }

  #row(task: TaskData): HTMLTableRowElement {
    const { compared, drift, flaky, cells } = task;
    const now = cells.at(-1) ?? 0;
    const marks = [
      ...(compared === null || compared.verdict === 'steady' ? [] : [compared.verdict]),
      ...(flaky ? ['flaky'] : []),
      ...(drift.length > 0 ? ['drift'] : []),
    ];
    const button = h(
      'button',
      { type: 'button', 'aria-expanded': 'false', click: () => this.#toggle(task, row, button) },
      shown(task.task),
    );
    const facts = [
      percent(rateOf(now)),
      points(changeOf(compared)),
      now === 0 || now[3] < 0 ? '' : time(now[3]),
      now === 0 || now[4] < 0 ? '' : usd(now[4] / 1e6),
    ];
    const row = h(
      'tr',
      {},
      h('th', { scope: 'row', class: 'name' }, button, ...marks.flatMap((mark) => [' ', h('span', { class: `badge ${mark}` }, mark)])),
      ...facts.map((fact) => h('td', { class: 'fact' }, fact)),
      ...cells.toReversed().map(cellOf),
    );
    return row;
  }

  #toggle(task: TaskData, row: HTMLTableRowElement, button: HTMLButtonElement): void {
    const there = this.#open.get(task);
    button.setAttribute('aria-expanded', String(there === undefined));
    if (there !== undefined) {
      there.remove();
      this.#open.delete(task);
      return;
    }
    const opened = h('tr', {}, h('td', { class: 'details', colspan: row.cells.length }, h('div', {}, ...details(task, this.#data))));
    this.#open.set(task, opened);
    row.after(opened);
  }
}

/** Told by its sign and its numbers; the colour says it once more. */
function cellOf(cell: Cell): HTMLTableCellElement {
  const rate = rateOf(cell);
  if (cell === 0 || rate === null) return h('td', { class: 'night void' }, cell === 0 ? '' : '–');
  const [passed, measured] = cell;
  if (rate === 1) return h('td', { class: 'night all' }, `✓ ${measured}`);
  if (rate === 0) return h('td', { class: 'night none' }, `✗ ${measured}`);
  return h('td', { class: 'night some' }, `${passed}/${measured}`);
}
