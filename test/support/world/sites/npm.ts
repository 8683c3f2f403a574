import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { tar } from '../../tar.ts';
import { baseOf, send, type Site } from './site.ts';

const [NAME, VERSION] = ['tiny-from-the-world', '1.0.0'];
const FILE = `/${NAME}/-/${NAME}-${VERSION}.tgz`;

/** An npm registry with one package, whose export is `npm works`. */
export function npm(): Site {
  const described = { name: NAME, version: VERSION, main: 'index.js' };
  const tarball = gzipSync(
    tar([
      { name: 'package/package.json', content: JSON.stringify(described) },
      { name: 'package/index.js', content: "module.exports = 'npm works';\n" },
    ]),
  );
  const integrity = `sha512-${createHash('sha512').update(tarball).digest('base64')}`;
  return {
    answer(request, response) {
      if (request.url === FILE) return send(response, 200, 'application/octet-stream', tarball);
      if (request.url !== `/${NAME}`) return send(response, 404, 'application/json', '{"error":"not here"}');
      const dist = { tarball: baseOf(request) + FILE, integrity };
      const packument = { name: NAME, 'dist-tags': { latest: VERSION }, versions: { [VERSION]: { ...described, dist } } };
      return send(response, 200, 'application/json', JSON.stringify(packument));
    },
  };
}
