/** Cursor, erasing, scrolling, colours: what draws on a screen and does nothing else. */
const DRAWS = /^\x1b\[(?:[\d;:]*[@ABCDEFGHIJKLMPSTXZ`abdefgmrsu]|\?(?:7|25|47|1047|1048|1049)[hl])$/;
/** Save and restore the cursor, line feeds, tab stops, line-drawing characters. */
const DRAWS_SHORT = /^\x1b(?:[78DEHM]|[()][0B])$/;
/** CSI; strings (OSC, DCS, SOS, PM, APC) with their end; other escapes; single controls but BS, HT, LF, CR. */
const SEQUENCE =
  /\x1b(?:\[[0-?]*[ -/]*[@-~]|[PX\]^_](?:[^\x07\x18\x1a\x1b\x9c]*)(?:\x07|\x9c|\x1b\\)|[ -/]*[0-OQ-WYZ\\`-~])|[\x00-\x07\x0b\x0c\x0e-\x1f\x7f-\x9f]/g;
/** The start of a sequence, at the end of what there is. */
const OPEN = /\x1b(?:\[[0-?]*[ -/]*|[PX\]^_][^\x07\x18\x1a\x1b\x9c]*\x1b?|[ -/]*)?$/;
const LONGEST = 4096;
/** Most text; what it is saved costs a short run more than all else here. */
const PLAIN = /^[\t\n\r -~]*$/;
/** What turns text around or has no glyph; selectors of a glyph's form stay. */
const INVISIBLE = /(?![\ufe0e\ufe0f])[\p{Cf}\p{Default_Ignorable_Code_Point}\p{Zl}\p{Zp}]/gu;

/**
 * Text for a terminal that only draws: no titles, no clipboard, no questions that a terminal answers on its input, no modes of keys and
 * mouse. A sequence or control that is taken out leaves a sign in its place (`␛`, `␀`), so that what stood around it does not become one
 * word: a secret with a sequence in it was not redacted.
 */
export class ReplayFilter {
  #held = '';

  push(text: string): string {
    const all = this.#held + text;
    const open = OPEN.exec(all);
    const holds = open !== null && all.length - open.index <= LONGEST;
    this.#held = holds ? open[0] : '';
    return clean(holds ? all.slice(0, open.index) : all);
  }

  /** What was held back, where no more is to come. */
  flush(): string {
    const rest = this.#held;
    this.#held = '';
    return clean(rest);
  }
}

function clean(text: string): string {
  if (PLAIN.test(text)) return text;
  return text
    .toWellFormed()
    .replace(SEQUENCE, (found) => (DRAWS.test(found) || DRAWS_SHORT.test(found) ? found : sign(found.charCodeAt(0))))
    .replace(INVISIBLE, '\ufffd');
}

const sign = (code: number): string => (code < 0x20 ? String.fromCharCode(0x2400 + code) : code === 0x7f ? '\u2421' : '\ufffd');
