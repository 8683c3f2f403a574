import type { ReportData } from '../data.ts';
import { about, files } from './about.ts';
import { Changes } from './changes.ts';
import { h } from './dom.ts';
import { head } from './head.ts';
import { network } from './network.ts';
import { programs } from './programs.ts';
import { replay } from './replay.ts';
import { resources } from './resources.ts';
import { timeline } from './timeline.ts';
import { shown } from './text.ts';
import { trajectory } from './trajectory.ts';
import { Transcript } from './transcript.ts';

const data = JSON.parse(document.getElementById('data')?.textContent ?? '') as ReportData;
document.title = `${data.outcome}: agent-jail ${data.id}`;
const changes = new Changes(data);
const transcript = new Transcript(data);
const SECTIONS: readonly (readonly [id: string, title: string, nodes: readonly Node[]])[] = [
  ['timeline', 'Timeline', [...timeline(data), ...programs(data)]],
  ['changes', 'Changes', changes.nodes],
  ['transcript', 'Transcript', transcript.nodes],
  ['replay', 'Replay', replay(data)],
  ['trajectory', 'Trajectory', trajectory(data)],
  ['network', 'Network', network(data)],
  ['resources', 'Resources', resources(data)],
  ['result', 'Result', [data.result === '' ? h('p', {}, 'The agent gave no result.') : h('pre', { tabindex: 0 }, shown(data.result))]],
  ['about', 'The run', about(data)],
  ['files', 'Files', files(data)],
];
const KEYS = [
  ['1 to 9, 0', 'go to a section'],
  ['/', 'search the transcript; Enter and Shift+Enter: next and previous'],
  ['j, k', 'next and previous change'],
  ['t', 'dark or light'],
  ['?', 'this help'],
] as const;

const help = h(
  'dialog',
  { 'aria-label': 'Keys' },
  h('h2', {}, 'Keys'),
  h('dl', {}, ...KEYS.flatMap(([key, does]) => [h('dt', {}, key), h('dd', {}, does)])),
  h('form', { method: 'dialog' }, h('button', {}, 'Close')),
);

function otherTheme(): void {
  const { dataset } = document.documentElement;
  const dark = dataset['theme'] === undefined ? matchMedia('(prefers-color-scheme: dark)').matches : dataset['theme'] === 'dark';
  dataset['theme'] = dark ? 'light' : 'dark';
}

function press(event: KeyboardEvent): void {
  const { target, key } = event;
  const typing = target instanceof Element && target.closest('input, select, textarea, dialog, .player') !== null;
  if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
  const section = /^\d$/.test(key) ? SECTIONS[(Number(key) + 9) % 10]?.[0] : undefined;
  if (section !== undefined) goTo(section);
  else if (key === '/') transcript.search.focus();
  else if (key === 'j' || key === 'k') changes.move(key === 'j' ? 1 : -1);
  else if (key === 't') otherTheme();
  else if (key === '?') help.showModal();
  else return;
  event.preventDefault();
}

function goTo(id: string): void {
  const title = document.getElementById(id)?.querySelector('h2');
  title?.scrollIntoView();
  title?.focus({ preventScroll: true });
}

document.body.append(
  h('a', { class: 'skip', href: '#main' }, 'To the content'),
  head(data),
  h(
    'nav',
    { 'aria-label': 'Sections' },
    ...SECTIONS.map(([id, title]) => h('a', { href: `#${id}` }, title)),
    h('button', { type: 'button', click: otherTheme }, 'Dark or light'),
    h('button', { type: 'button', click: () => help.showModal() }, 'Keys'),
  ),
  h(
    'main',
    { id: 'main' },
    ...SECTIONS.map(([id, title, nodes]) =>
      h('section', { id, 'aria-labelledby': `${id}-title` }, h('h2', { id: `${id}-title`, tabindex: -1 }, title), ...nodes),
    ),
  ),
  help,
);
document.addEventListener('keydown', press);
