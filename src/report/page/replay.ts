import { create } from 'asciinema-player';
import type { ReportData } from '../data.ts';
import { h } from './dom.ts';

/** The terminal as it was; the player is made when it is asked for. */
export function replay({ cast, printed }: ReportData): readonly Node[] {
  if (printed === 0 || cast === '') return [h('p', {}, 'There is nothing to replay.')];
  const place = h('div', { class: 'player' });
  const start = h(
    'button',
    {
      type: 'button',
      click: () => {
        start.remove();
        create({ data: cast }, place, { fit: 'width', autoPlay: true, idleTimeLimit: 2, terminalFontFamily: 'ui-monospace, monospace' });
      },
    },
    '▶ Replay',
  );
  return [start, place, h('p', { class: 'quiet' }, 'Also in a terminal: asciinema play transcript.cast')];
}
