import type { LayerName } from '../model/changes.ts';
import type { JailPath } from '../model/names.ts';

/** HOME of every jail. */
const HOME = '/home/agent';

/** Where in the jail a changed path is: those of the root are relative to `/`, the others to their layer's place. */
export function absoluteOf(layer: LayerName, path: string, workspace: JailPath): string {
  const around = layer === 'root' ? '' : layer === 'home' ? HOME : workspace;
  return path === '' ? around || '/' : `${around}/${path}`;
}
