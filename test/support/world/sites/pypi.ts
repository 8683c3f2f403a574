import { createHash } from 'node:crypto';
import { zip } from '../zip.ts';
import { send, type Site } from './site.ts';

const [NAME, VERSION] = ['tiny_from_the_world', '1.0.0'];
const WHEEL = `${NAME}-${VERSION}-py3-none-any.whl`;
const INFO = `${NAME}-${VERSION}.dist-info`;

/** A simple index (PEP 503) with one wheel, whose `says` is `pip works`. */
export function pypi(): Site {
  const files = {
    [`${NAME}.py`]: "says = 'pip works'\n",
    [`${INFO}/METADATA`]: `Metadata-Version: 2.1\nName: ${NAME}\nVersion: ${VERSION}\n`,
    [`${INFO}/WHEEL`]: 'Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n',
  };
  const record = [...Object.keys(files), `${INFO}/RECORD`].map((name) => `${name},,\n`).join('');
  const wheel = zip({ ...files, [`${INFO}/RECORD`]: record });
  const digest = createHash('sha256').update(wheel).digest('hex');
  return {
    answer(request, response) {
      if (request.url === `/files/${WHEEL}`) return send(response, 200, 'application/octet-stream', wheel);
      if (request.url !== '/simple/tiny-from-the-world/') return send(response, 404, 'text/plain', 'not here\n');
      return send(response, 200, 'text/html', `<!DOCTYPE html><a href="/files/${WHEEL}#sha256=${digest}">${WHEEL}</a>\n`);
    },
  };
}
