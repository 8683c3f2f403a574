import type { ReportData } from '../data.ts';
import { about, files } from './about.ts';
import { Changes } from './changes.ts';
import { h } from './dom.ts';
import { frame, pageData } from './frame.ts';
import { head } from './head.ts';
import { network } from './network.ts';
import { programs } from './programs.ts';
import { replay } from './replay.ts';
import { resources } from './resources.ts';
import { timeline } from './timeline.ts';
import { shown } from './text.ts';
import { trajectory } from './trajectory.ts';
import { Transcript } from './transcript.ts';

const data = pageData() as ReportData;
const changes = new Changes(data);
const transcript = new Transcript(data);
frame({
  title: `${data.outcome}: agent-jail ${data.id}`,
  head: head(data),
  sections: [
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
  ],
  keys: [
    ['/', 'search the transcript; Enter and Shift+Enter: next and previous'],
    ['j, k', 'next and previous change'],
  ],
  press(key) {
    if (key === '/') transcript.search.focus();
    else if (key === 'j' || key === 'k') changes.move(key === 'j' ? 1 : -1);
    else return false;
    return true;
  },
});
