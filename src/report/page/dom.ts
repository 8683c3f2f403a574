type Value = string | number | boolean | ((event: Event) => void);

/**
 * An element. Text becomes text nodes and nothing here parses markup: what a record holds cannot become an element, an attribute's name or
 * a script.
 */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  props: Readonly<Record<string, Value>> = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (typeof value === 'function') element.addEventListener(name, value);
    else if (value !== false) element.setAttribute(name, value === true ? '' : String(value));
  }
  element.append(...children);
  return element;
}

export function svg(tag: 'svg' | 'polyline', attributes: Readonly<Record<string, string>>): SVGElement {
  const element = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}

/** A button that is on or off. */
export function toggle(label: string, on: boolean, change: () => void): HTMLButtonElement {
  return h('button', { type: 'button', 'aria-pressed': String(on), click: change }, label);
}

/** A list of choices with a label of its own; the first stands for ''. */
export function choice(label: string, options: readonly string[], change: (value: string) => void, first = 'all'): HTMLElement {
  const select = h('select', { change: () => change(select.value) }, h('option', { value: '' }, first));
  for (const option of options) select.append(h('option', { value: option }, option));
  return labelled(label, select);
}

/** A field to search with; what is typed is looked for in lower case. */
export function field(label: string, change: (value: string) => void): { readonly label: HTMLElement; readonly input: HTMLInputElement } {
  const input = h('input', { type: 'search', input: () => change(input.value.trim().toLowerCase()) });
  return { label: labelled(label, input), input };
}

let labels = 0;
function labelled(label: string, control: HTMLElement): HTMLElement {
  control.id = `field-${++labels}`;
  return h('span', {}, h('label', { for: control.id }, label), ' ', control);
}

/** The first `step` of them, and a button for more: a browser does not like 10,000 rows at once. */
export function inPortions<T>(parent: HTMLElement, items: readonly T[], step: number, make: (item: T) => Node, noun: string): void {
  let shown = 0;
  const more = h('button', { type: 'button', class: 'more', click: () => add() });
  const add = (): void => {
    more.remove();
    parent.append(...items.slice(shown, shown + step).map(make));
    shown = Math.min(shown + step, items.length);
    if (shown === items.length) return;
    more.textContent = `Show more: ${items.length - shown} ${noun} left`;
    // A table's body takes rows only.
    parent.append(parent instanceof HTMLTableSectionElement ? h('tr', {}, h('td', { colspan: 9 }, more)) : more);
  };
  add();
}

export function tableOf(caption: string, head: readonly string[], ...rows: readonly (readonly (Node | string)[])[]): HTMLTableElement {
  const body = h('tbody', {}, ...rows.map((cells) => h('tr', {}, ...cells.map((cell) => h('td', {}, cell)))));
  const titles = h('tr', {}, ...head.map((title) => h('th', { scope: 'col' }, title)));
  return h('table', {}, h('caption', { class: 'hidden' }, caption), h('thead', {}, titles), body);
}

/** What is wide scrolls by itself, and can be reached by key. */
export function scrollable(label: string, ...children: readonly Node[]): HTMLElement {
  return h('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': label }, ...children);
}

export const count = (number: number, noun: string): string =>
  `${number.toLocaleString('en')} ${noun}${number === 1 ? '' : noun.endsWith('ch') ? 'es' : 's'}`;
