import type { SuiteData } from '../../suite/data.ts';
import { frame, pageData } from '../frame.ts';
import { shown } from '../text.ts';
import { drift } from './drift.ts';
import { about, figures, nights } from './figures.ts';
import { head } from './head.ts';
import { Matrix } from './matrix.ts';
import { trends } from './trends.ts';

const data = pageData() as SuiteData;
const matrix = new Matrix(data);
frame({
  title: `${data.verdict.word}: ${shown(data.suite)}`,
  head: head(data),
  sections: [
    ['tasks', 'Tasks', matrix.nodes],
    ['figures', 'Figures', figures(data)],
    ['drift', 'Drift', drift(data)],
    ['trends', 'Trends', trends(data)],
    ['nights', 'Nights', nights(data)],
    ['about', 'The run', about(data)],
  ],
  keys: [
    ['/', 'find a task'],
    ['j, k', 'next and previous task; Enter opens it'],
  ],
  press(key) {
    if (key === '/') matrix.search.focus();
    else if (key === 'j' || key === 'k') matrix.move(key === 'j' ? 1 : -1);
    else return false;
    return true;
  },
});
