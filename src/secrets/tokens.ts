/** A kind of credential whose form its issuer documents, so that it is known wherever it comes from. */
interface Format {
  readonly name: string;
  /** What it begins with, one of them. */
  readonly begins: readonly string[];
  /** What follows, as a class of a regular expression, and how many. */
  readonly of: string;
  readonly least: number;
  readonly most: number;
}

const WORD = 'A-Za-z0-9';
const FORMATS: readonly Format[] = [
  { name: 'github-token', begins: ['ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_'], of: WORD, least: 36, most: 251 },
  { name: 'github-token', begins: ['github_pat_'], of: `${WORD}_`, least: 60, most: 244 },
  { name: 'gitlab-token', begins: ['glpat-', 'gldt-', 'glrt-', 'glcbt-'], of: `${WORD}_.-`, least: 20, most: 300 },
  { name: 'npm-token', begins: ['npm_'], of: WORD, least: 36, most: 36 },
  { name: 'pypi-token', begins: ['pypi-AgE'], of: `${WORD}_-`, least: 50, most: 500 },
  { name: 'anthropic-key', begins: ['sk-ant-'], of: `${WORD}_-`, least: 60, most: 200 },
  { name: 'openai-key', begins: ['sk-proj-', 'sk-svcacct-', 'sk-admin-'], of: `${WORD}_-`, least: 40, most: 300 },
  { name: 'google-key', begins: ['AIza'], of: `${WORD}_-`, least: 35, most: 35 },
  { name: 'aws-key', begins: ['AKIA', 'ASIA'], of: 'A-Z2-7', least: 16, most: 16 },
  { name: 'slack-token', begins: ['xoxb-', 'xoxp-', 'xoxa-', 'xoxr-', 'xoxs-', 'xapp-'], of: `${WORD}-`, least: 24, most: 300 },
  { name: 'stripe-key', begins: ['sk_live_', 'rk_live_'], of: WORD, least: 24, most: 247 },
  { name: 'huggingface-token', begins: ['hf_'], of: WORD, least: 34, most: 40 },
  { name: 'docker-token', begins: ['dckr_pat_', 'dckr_oat_'], of: `${WORD}_-`, least: 27, most: 64 },
];
/** A key in armour, also in JSON, where a line ends with `\n` in letters. Never past another line of armour. */
const ARMOUR = { begin: '-----BEGIN ', of: `(?:[${WORD}+/=\\s\\\\:,.]|-(?!----))`, most: 8192 };
/** What examples in documentation are made of. */
const EXAMPLE = /EXAMPLE|(.)\1{15}/;

const group = (words: readonly string[]): string => `(?:${words.join('|')})`;
/** Not in the middle of a word, where base64 has everything sooner or later. */
const ALONE = `(?<![${WORD}])`;
const BEGINS = FORMATS.flatMap(({ begins }) => begins);
const KIND = '(?:[A-Z0-9]{1,20} ){0,4}';

/**
 * Without looking back, and with nothing of fewer than four characters, so that V8 can skip through ordinary text. Armour is looked for apart,
 * for the same reason.
 */
const START = new RegExp(group(BEGINS.map((word) => (word.length < 4 ? `${word}[${WORD}]` : word))), 'g');
const IN_WORD = new RegExp(`[${WORD}]`);
const WHOLE = new RegExp(
  [
    ...FORMATS.map(({ begins, of, least, most }) => {
      const token = `${group(begins)}[${of}]{${least},${most}}`;
      return least === most ? `(${token}(?![${of}]))` : `(${token})`;
    }),
    `(${ARMOUR.begin}${KIND}PRIVATE KEY-----${ARMOUR.of}{40,${ARMOUR.most}}-----END ${KIND}PRIVATE KEY-----)`,
  ].join('|'),
  'y',
);
const NAMES = [...FORMATS.map(({ name }) => name), 'private-key'];
/** All that a token may begin with, and more: what is held back for too long is shown a little later. */
const OPEN = new RegExp(
  `${group([
    ...FORMATS.map(({ begins, of, most }) => `${group(begins)}[${of}]{0,${most}}`),
    `${ARMOUR.begin}[A-Z0-9 ]{0,100}-{0,4}`,
    `${ARMOUR.begin}${KIND}PRIVATE KEY-----${ARMOUR.of}{0,${ARMOUR.most}}(?:-{0,5}|-----E[A-Z0-9 ]{0,110}-{0,5})`,
  ])}$`,
  'y',
);
/** What a word, or the beginning that is looked for, may have begun with at the end of a text. */
const beginnings = (word: string): string[] => Array.from({ length: Math.max(3, word.length - 1) }, (_, at) => word.slice(0, at + 1));
const PARTIAL = new RegExp(`(?:${ALONE}${group([...new Set(BEGINS.flatMap(beginnings))])}|${group(beginnings(ARMOUR.begin))})$`);
const LONGEST_BEGIN = 12;

export interface Token {
  /** In characters of the text. */
  readonly at: number;
  readonly length: number;
  readonly name: string;
}

/**
 * Tokens in a text whose characters are bytes (latin1), in order, none in another. Unless it is `final` they are those before `stop`, where
 * one may have begun that goes on: what is decided before it does not depend on what follows. What stands before `begin` was seen before.
 */
export function findTokens(text: string, final: boolean, begin = 0): { readonly tokens: readonly Token[]; readonly stop: number } {
  const tokens: Token[] = [];
  let armour = text.indexOf(ARMOUR.begin, begin);
  for (let from = begin; ; ) {
    if (armour !== -1 && armour < from) armour = text.indexOf(ARMOUR.begin, from);
    START.lastIndex = from;
    const found = START.exec(text)?.index;
    const start = found === undefined || (armour !== -1 && armour < found) ? armour : found;
    if (start === -1) return { tokens, stop: final ? text.length : partial(text, from) };
    if (start > 0 && start !== armour && IN_WORD.test(text.charAt(start - 1))) {
      from = start + 1;
      continue;
    }
    WHOLE.lastIndex = start;
    const [whole, ...kinds] = WHOLE.exec(text) ?? [];
    if (whole !== undefined && (final || start + whole.length < text.length)) {
      const name = NAMES[kinds.findIndex((kind) => kind !== undefined)] ?? '';
      if (!EXAMPLE.test(whole)) tokens.push({ at: start, length: whole.length, name });
      from = start + whole.length;
      continue;
    }
    OPEN.lastIndex = start;
    if (!final && OPEN.test(text)) return { tokens, stop: start };
    from = start + 1;
  }
}

/** Where the first letters of a token stand at the end of a text. */
function partial(text: string, from: number): number {
  const tail = Math.max(from, text.length - LONGEST_BEGIN);
  // One character more, which a token must not follow.
  const seen = Math.max(0, tail - 1);
  const at = text.slice(seen).search(PARTIAL);
  return at === -1 ? text.length : Math.max(tail, seen + at);
}
