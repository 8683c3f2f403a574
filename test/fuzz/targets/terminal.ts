import assert from 'node:assert/strict';
import { StringDecoder } from 'node:string_decoder';
import { forTerminal, TerminalSanitiser } from '../../../src/transcript/sanitise.ts';
import { cut } from '../say.ts';
import { target as log } from './log.ts';
import type { Target } from '../target.ts';

/** The same on its way to a terminal: nothing but text, and colours where they are wanted. */
export const target: Target = {
  ...log,
  words: [...(log.words ?? []), '\x1b[31m', '\x1b[0m', '\x1b[8m', '\x1b[38;5;1m', '\x1b[K', '\x1b[1;1H', 'm', ';'],
  check(bytes) {
    for (const colours of [true, false]) {
      const whole = forTerminal(bytes.toString(), { colours });
      const [sanitiser, decoder] = [new TerminalSanitiser({ colours }), new StringDecoder('utf8')];
      const pieces = cut(bytes).map((piece) => sanitiser.push(decoder.write(piece)));
      assert.equal(pieces.join('') + sanitiser.push(decoder.end()) + sanitiser.flush(), whole);
      const rest = colours ? whole.replace(/\x1b\[[0-9;:]*m/g, '') : whole;
      assert.doesNotMatch(rest, /[\0-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u200b\u2028\u2029]/u);
      // No text that is there and not seen, and no colour that outlives the output.
      for (const [, parameters = ''] of whole.matchAll(/\x1b\[([0-9;:]*)m/g)) assert.ok(!hides(parameters), parameters);
      if (whole.includes('\x1b')) assert.match(whole.slice(whole.lastIndexOf('\x1b')), /^\x1b\[0*m/);
      assert.equal(forTerminal(whole, { colours }), whole);
    }
  },
};

/** Whether some terminal would hide text: 8, other than as a number of a whole colour. */
function hides(parameters: string): boolean {
  const numbers = parameters.split(';').map(Number);
  for (let number = numbers.shift(); number !== undefined; number = numbers.shift()) {
    if (number === 8) return true;
    if (![38, 48, 58].includes(number)) continue;
    const [kind, ...rest] = numbers;
    const more = kind === 5 ? 1 : kind === 2 ? 3 : 0;
    if (more === 0 || rest.length < more) return numbers.includes(8);
    numbers.splice(0, 1 + more);
  }
  return false;
}
