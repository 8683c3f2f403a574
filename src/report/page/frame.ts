import { h } from './dom.ts';

export interface Frame {
  readonly title: string;
  readonly head: HTMLElement;
  readonly sections: readonly (readonly [id: string, title: string, nodes: readonly Node[]])[];
  /** Keys beside those of every page, and what they do. */
  readonly keys: readonly (readonly [key: string, does: string])[];
  /** What a key does; false: nothing. */
  readonly press: (key: string) => boolean;
}

/** What stands in the page as JSON. */
export function pageData(): unknown {
  return JSON.parse(document.getElementById('data')?.textContent ?? '');
}

/** Makes the page: its head, a bar with the sections, the sections, and keys for all of it. */
export function frame({ title, head, sections, keys, press }: Frame): void {
  document.title = title;
  const all = [['1 to 9, 0', 'go to a section'], ...keys, ['t', 'dark or light'], ['?', 'this help']] as const;
  const help = h(
    'dialog',
    { 'aria-label': 'Keys' },
    h('h2', {}, 'Keys'),
    h('dl', {}, ...all.flatMap(([key, does]) => [h('dt', {}, key), h('dd', {}, does)])),
    h('form', { method: 'dialog' }, h('button', {}, 'Close')),
  );
  document.body.append(
    h('a', { class: 'skip', href: '#main' }, 'To the content'),
    head,
    h(
      'nav',
      { 'aria-label': 'Sections' },
      ...sections.map(([id, name]) => h('a', { href: `#${id}` }, name)),
      h('button', { type: 'button', click: otherTheme }, 'Dark or light'),
      h('button', { type: 'button', click: () => help.showModal() }, 'Keys'),
    ),
    h(
      'main',
      { id: 'main' },
      ...sections.map(([id, name, nodes]) =>
        h('section', { id, 'aria-labelledby': `${id}-title` }, h('h2', { id: `${id}-title`, tabindex: -1 }, name), ...nodes),
      ),
    ),
    help,
  );
  document.addEventListener('keydown', (event) => {
    const { target, key } = event;
    const typing = target instanceof Element && target.closest('input, select, textarea, dialog, .player') !== null;
    if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
    const section = /^\d$/.test(key) ? sections[(Number(key) + 9) % 10]?.[0] : undefined;
    if (section !== undefined) goTo(section);
    else if (key === 't') otherTheme();
    else if (key === '?') help.showModal();
    else if (!press(key)) return;
    event.preventDefault();
  });
}

function otherTheme(): void {
  const { dataset } = document.documentElement;
  const dark = dataset['theme'] === undefined ? matchMedia('(prefers-color-scheme: dark)').matches : dataset['theme'] === 'dark';
  dataset['theme'] = dark ? 'light' : 'dark';
}

function goTo(id: string): void {
  const title = document.getElementById(id)?.querySelector('h2');
  title?.scrollIntoView();
  title?.focus({ preventScroll: true });
}
