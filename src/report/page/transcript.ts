import type { ReportData } from '../data.ts';
import { bytes, time } from '../markdown.ts';
import { printedBy } from './cast.ts';
import type { Printed } from './cast.ts';
import { count, field, h } from './dom.ts';

const PORTION = 500;
const MOST = 5000;
/** Lines that are laid out also where nobody sees them: they have their place from the start, however they wrap. */
const FEW = 30;

interface Portion {
  readonly lines: Printed['lines'];
  readonly reveal: () => readonly HTMLElement[];
}

/** What the steps printed, folded by step and by 500 lines, with a search over all of it. */
export class Transcript {
  readonly nodes: readonly Node[];
  readonly search: HTMLInputElement;
  readonly #portions: Portion[] = [];
  readonly #status = h('span', { role: 'status', class: 'quiet' });
  #hits: (readonly [Portion, number])[] = [];
  #at = -1;
  #marked: readonly HTMLElement[] = [];

  constructor({ cast, printed }: ReportData) {
    const steps = printedBy(cast).map((step) => this.#step(step));
    const { label, input } = field('Search', (text) => this.#find(text));
    this.search = input;
    input.addEventListener('keydown', (event) => {
      if (event.key === 'Enter') this.next(event.shiftKey ? -1 : 1);
    });
    const button = (text: string, by: 1 | -1): HTMLElement => h('button', { type: 'button', click: () => this.next(by) }, text);
    this.nodes =
      printed === 0
        ? [h('p', {}, 'The steps printed nothing.')]
        : [
            h('div', { class: 'filters' }, label, button('Previous', -1), button('Next', 1), this.#status),
            h('p', { class: 'quiet' }, `${bytes(printed)} in all; terminal sequences are left out here, transcript.log has every byte.`),
            ...steps,
          ];
  }

  next(by: 1 | -1): void {
    if (this.#hits.length === 0) return;
    this.#at = (this.#at + by + this.#hits.length) % this.#hits.length;
    const [portion, line] = this.#hits[this.#at] ?? [];
    for (const element of this.#marked) element.classList.remove('found');
    const element = portion?.reveal()[line ?? 0];
    this.#marked = element === undefined ? [] : [element];
    element?.classList.add('found');
    element?.scrollIntoView({ block: 'center' });
    this.#status.textContent = `${this.#at + 1} of ${this.#hits.length}${this.#hits.length === MOST ? ' or more' : ''}`;
  }

  #find(text: string): void {
    this.#hits = [];
    this.#at = -1;
    for (const portion of text === '' ? [] : this.#portions) {
      for (const [index, line] of portion.lines.entries()) {
        if (this.#hits.length < MOST && line.text.toLowerCase().includes(text)) this.#hits.push([portion, index]);
      }
    }
    this.#status.textContent = text === '' ? '' : count(this.#hits.length, 'line');
    for (const element of this.#marked) element.classList.remove('found');
    this.next(1);
  }

  #step({ name, lines }: Printed): HTMLElement {
    const step = h('details', { open: true, class: 'step' }, h('summary', {}, `${name} (${count(lines.length, 'line')})`));
    for (let from = 0; from < Math.max(1, lines.length); from += PORTION) {
      const part = lines.slice(from, from + PORTION);
      const whole = lines.length <= PORTION;
      const title = `lines ${from + 1} to ${from + part.length}`;
      const fold = whole ? h('div') : h('details', { open: from === 0 }, h('summary', {}, title));
      const text = h('pre', { class: part.length > FEW && 'long', tabindex: 0, role: 'region', 'aria-label': `${name}, ${title}` });
      text.style.setProperty('--lines', String(part.length));
      let made: readonly HTMLElement[] = [];
      const make = (): void => {
        if (made.length > 0) return;
        made = part.map(({ t, text: line, note }) => h('span', { class: note ? 'note' : 'out', title: time(t * 1000) }, `${line}\n`));
        text.append(...made);
      };
      if (fold instanceof HTMLDetailsElement) fold.addEventListener('toggle', () => fold.open && make());
      if (from === 0) make();
      fold.append(text);
      step.append(fold);
      const reveal = (): readonly HTMLElement[] => {
        make();
        step.open = true;
        if (fold instanceof HTMLDetailsElement) fold.open = true;
        return made;
      };
      this.#portions.push({ lines: part, reveal });
    }
    return step;
  }
}
