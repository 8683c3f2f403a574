import type { ChangeData, ReportData } from '../data.ts';
import { bytes } from '../markdown.ts';
import { diff } from './diff.ts';
import { choice, count, field, h, inPortions, scrollable, tableOf, toggle } from './dom.ts';

const PORTION = 400;
/** So many rows, and folders begin open. */
const FEW = 300;
const MARK: Readonly<Record<string, string>> = {
  added: 'A',
  modified: 'M',
  deleted: 'D',
  renamed: 'R',
  retyped: 'T',
  metadata: 'm',
  touched: 't',
};

/** What was changed: a tree or what the filters leave of it, and beside it the differences of one file. */
export class Changes {
  readonly nodes: readonly Node[];
  readonly #data: ReportData;
  readonly #list = h('div', { class: 'tree' });
  readonly #found = h('p', { class: 'quiet', role: 'status' });
  readonly #pane = h('div', { class: 'pane', 'aria-live': 'off' });
  readonly #wanted = { text: '', op: '', flag: '', layer: '' };
  #split = innerWidth >= 1100;
  #chosen: ChangeData | null = null;

  constructor(data: ReportData) {
    this.#data = data;
    const { rows, layers, folders, total } = data.changes;
    const set = (name: 'text' | 'op' | 'flag' | 'layer') => (value: string) => {
      this.#wanted[name] = value;
      this.#show();
    };
    const different = (values: readonly string[]): readonly string[] => [...new Set(values)].sort();
    const filters = h(
      'div',
      { class: 'filters' },
      field('Path', set('text')).label,
      choice('change', different(rows.map(({ op }) => op)), set('op')),
      choice('flag', different(rows.flatMap(({ flags = [] }) => flags)), set('flag')),
      choice('where', different(rows.map(({ layer }) => layer)), set('layer')),
    );
    const sums = layers.map(({ layer, ...sum }) => [
      layer,
      ...[sum.added, sum.modified, sum.deleted, sum.renamed, sum.other, sum.ignored].map(String),
    ]);
    const head = ['where', 'added', 'modified', 'deleted', 'renamed', 'other', 'of these ignored'];
    const rest = folders.map(({ layer, path, count: left }) => [layer, path === '' ? '(top)' : path, String(left)]);
    const restTitle = h('summary', {}, `${count(total - rows.length, 'more change')}, by folder; all of them are in changes.ndjson`);
    this.nodes =
      total === 0
        ? [h('p', {}, 'Nothing was changed, as far as the record goes.')]
        : [
            scrollable('Changes in numbers', tableOf('Changes in numbers', head, ...sums)),
            filters,
            this.#found,
            h('div', { class: 'beside' }, this.#list, this.#pane),
            ...(rest.length > 0
              ? [h('details', {}, restTitle, tableOf('Changes by folder', ['where', 'folder', 'changes'], ...rest))]
              : []),
          ];
    this.#chosen = rows.find(({ path }) => this.#patchOf(path) !== undefined) ?? rows[0] ?? null;
    if (this.#chosen !== null) this.#draw(this.#chosen);
    this.#show();
  }

  /** To the next or the previous file of those that are shown. */
  move(by: 1 | -1): void {
    const buttons = [...this.#list.querySelectorAll<HTMLButtonElement>('button.file')].filter((one) => one.offsetParent !== null);
    const at = buttons.findIndex((one) => one.getAttribute('aria-current') === 'true');
    const next = buttons[Math.min(buttons.length - 1, Math.max(0, at + by))];
    next?.click();
    next?.focus();
  }

  #show(): void {
    const { text, op, flag, layer } = this.#wanted;
    const rows = this.#data.changes.rows.filter(
      (row) =>
        (op === '' || row.op === op) &&
        (layer === '' || row.layer === layer) &&
        (flag === '' || (row.flags ?? []).some((one) => one === flag)) &&
        (text === '' || row.path.toLowerCase().includes(text) || (row.from ?? '').toLowerCase().includes(text)),
    );
    this.#found.textContent = `${count(rows.length, 'change')} listed`;
    this.#list.replaceChildren();
    if (text !== '') inPortions(this.#list, rows, PORTION, (row) => this.#button(row, row.path), 'changes');
    else for (const one of new Set(rows.map((row) => row.layer))) this.#layer(one, rows);
  }

  #layer(layer: string, rows: readonly ChangeData[]): void {
    const own = rows.filter((row) => row.layer === layer);
    this.#list.append(this.#folder(`${layer} (${own.length})`, own, 0, layer === 'workspace' || own.length < FEW));
  }

  /** `depth`: parts of the path that stand above. What a folder holds is made when it is opened. */
  #folder(name: string, rows: readonly ChangeData[], depth: number, open: boolean): HTMLElement {
    const folder = h('details', { open }, h('summary', {}, name));
    const fill = (): void => {
      if (!folder.open || folder.childElementCount > 1) return;
      const below = Map.groupBy(rows, ({ path }) => path.split('/').slice(depth, -1)[0] ?? '');
      const children = h('div', { class: 'children' });
      for (const [part, inside] of below) {
        if (part !== '') children.append(this.#folder(`${part}/ (${inside.length})`, inside, depth + 1, rows.length < FEW));
      }
      inPortions(
        children,
        below.get('') ?? [],
        PORTION,
        (row) => this.#button(row, row.path.split('/').at(-1) || '(the folder itself)'),
        'files',
      );
      folder.append(children);
    };
    folder.addEventListener('toggle', fill);
    fill();
    return folder;
  }

  #button(row: ChangeData, name: string): HTMLElement {
    const button = h(
      'button',
      { type: 'button', class: 'file', 'aria-current': String(row === this.#chosen), click: () => this.#choose(row, button) },
      h('span', { class: `op ${row.op}`, title: row.op }, MARK[row.op] ?? '?'),
      h('span', { class: 'name' }, name),
      ...(row.flags ?? []).map((flag) => h('span', { class: `badge ${flag}` }, flag)),
    );
    return button;
  }

  #choose(row: ChangeData, button: HTMLButtonElement): void {
    this.#chosen = row;
    for (const other of this.#list.querySelectorAll('[aria-current="true"]')) other.setAttribute('aria-current', 'false');
    button.setAttribute('aria-current', 'true');
    this.#draw(row);
  }

  #draw(row: ChangeData): void {
    const set = (split: boolean) => () => {
      this.#split = split;
      this.#draw(row);
    };
    const parts = [this.#patchOf(row.from ?? ''), this.#patchOf(row.path)].filter((part) => part !== undefined);
    const name = row.from === undefined ? row.path : `${row.from} → ${row.path}`;
    this.#pane.replaceChildren(
      h('h3', {}, name),
      h('p', { class: 'quiet' }, [row.op, row.layer, row.what, ...(row.flags ?? [])].join(' · ')),
      ...(parts.length === 0
        ? [h('p', {}, row.layer === 'workspace' ? this.#why() : 'Only changes of the workspace are in the patch.')]
        : [
            h('div', { class: 'filters' }, toggle('Unified', !this.#split, set(false)), toggle('Side by side', this.#split, set(true))),
            ...parts.map((part) => diff(part, this.#split)),
          ]),
    );
  }

  #why(): string {
    const { files, left } = this.#data.patch;
    const more = left > 0 ? ` ${count(left, 'file')} of changes.patch found no room in this page.` : '';
    const size = files.reduce((sum, { text }) => sum + text.length, 0);
    return `There are no differences of it here; this page has ${bytes(size)} of the patch.${more}`;
  }

  #patchOf(path: string) {
    return this.#data.patch.files.find((file) => file.path === path);
  }
}
