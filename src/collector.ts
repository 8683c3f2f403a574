import { REHEARSE } from './model/collector.ts';
import { derive } from './report/derive.ts';
import { collector } from './run/collector.ts';
import { keepCode } from './system/kept-code.ts';
import { makeCast } from './transcript/cast.ts';

const [, , files, how] = process.argv;
const rehearsing = how === REHEARSE;
void collector(Number(files), (conclusion) => derive(conclusion, { makeCast }), rehearsing).then(() => {
  // Never that of one which has read an agent's bytes.
  if (rehearsing) keepCode();
  // Its input may stay open.
  process.exit();
});
