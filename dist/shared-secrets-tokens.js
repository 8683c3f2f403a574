// src/secrets/tokens.ts
var WORD = "A-Za-z0-9";
var FORMATS = [
  { name: "github-token", begins: ["ghp_", "gho_", "ghu_", "ghs_", "ghr_"], of: WORD, least: 36, most: 251 },
  { name: "github-token", begins: ["github_pat_"], of: `${WORD}_`, least: 60, most: 244 },
  { name: "gitlab-token", begins: ["glpat-", "gldt-", "glrt-", "glcbt-"], of: `${WORD}_.-`, least: 20, most: 300 },
  { name: "npm-token", begins: ["npm_"], of: WORD, least: 36, most: 36 },
  { name: "pypi-token", begins: ["pypi-AgE"], of: `${WORD}_-`, least: 50, most: 500 },
  { name: "anthropic-key", begins: ["sk-ant-"], of: `${WORD}_-`, least: 60, most: 200 },
  { name: "openai-key", begins: ["sk-proj-", "sk-svcacct-", "sk-admin-"], of: `${WORD}_-`, least: 40, most: 300 },
  { name: "google-key", begins: ["AIza"], of: `${WORD}_-`, least: 35, most: 35 },
  { name: "aws-key", begins: ["AKIA", "ASIA"], of: "A-Z2-7", least: 16, most: 16 },
  { name: "slack-token", begins: ["xoxb-", "xoxp-", "xoxa-", "xoxr-", "xoxs-", "xapp-"], of: `${WORD}-`, least: 24, most: 300 },
  { name: "stripe-key", begins: ["sk_live_", "rk_live_"], of: WORD, least: 24, most: 247 },
  { name: "huggingface-token", begins: ["hf_"], of: WORD, least: 34, most: 40 },
  { name: "docker-token", begins: ["dckr_pat_", "dckr_oat_"], of: `${WORD}_-`, least: 27, most: 64 }
];
var ARMOUR = { begin: "-----BEGIN ", of: `(?:[${WORD}+/=\\s\\\\:,.]|-(?!----))`, most: 8192 };
var EXAMPLE = /EXAMPLE|(.)\1{15}/;
var group = (words) => `(?:${words.join("|")})`;
var ALONE = `(?<![${WORD}])`;
var BEGINS = FORMATS.flatMap(({ begins }) => begins);
var KIND = "(?:[A-Z0-9]{1,20} ){0,4}";
var START = new RegExp(group(BEGINS.map((word) => word.length < 4 ? `${word}[${WORD}]` : word)), "g");
var IN_WORD = new RegExp(`[${WORD}]`);
var WHOLE = new RegExp(
  [
    ...FORMATS.map(({ begins, of, least, most }) => {
      const token = `${group(begins)}[${of}]{${least},${most}}`;
      return least === most ? `(${token}(?![${of}]))` : `(${token})`;
    }),
    `(${ARMOUR.begin}${KIND}PRIVATE KEY-----${ARMOUR.of}{40,${ARMOUR.most}}-----END ${KIND}PRIVATE KEY-----)`
  ].join("|"),
  "y"
);
var NAMES = [...FORMATS.map(({ name }) => name), "private-key"];
var OPEN = new RegExp(
  `${group([
    ...FORMATS.map(({ begins, of, most }) => `${group(begins)}[${of}]{0,${most}}`),
    `${ARMOUR.begin}[A-Z0-9 ]{0,100}-{0,4}`,
    `${ARMOUR.begin}${KIND}PRIVATE KEY-----${ARMOUR.of}{0,${ARMOUR.most}}(?:-{0,5}|-----E[A-Z0-9 ]{0,110}-{0,5})`
  ])}$`,
  "y"
);
var beginnings = (word) => Array.from({ length: Math.max(3, word.length - 1) }, (_, at) => word.slice(0, at + 1));
var PARTIAL = new RegExp(`(?:${ALONE}${group([...new Set(BEGINS.flatMap(beginnings))])}|${group(beginnings(ARMOUR.begin))})$`);
var LONGEST_BEGIN = 12;
function findTokens(text, final, begin = 0) {
  const tokens = [];
  let armour = text.indexOf(ARMOUR.begin, begin);
  for (let from = begin; ; ) {
    if (armour !== -1 && armour < from) armour = text.indexOf(ARMOUR.begin, from);
    START.lastIndex = from;
    const found = START.exec(text)?.index;
    const start = found === void 0 || armour !== -1 && armour < found ? armour : found;
    if (start === -1) return { tokens, stop: final ? text.length : partial(text, from) };
    if (start > 0 && start !== armour && IN_WORD.test(text.charAt(start - 1))) {
      from = start + 1;
      continue;
    }
    WHOLE.lastIndex = start;
    const [whole, ...kinds] = WHOLE.exec(text) ?? [];
    if (whole !== void 0 && (final || start + whole.length < text.length)) {
      const name = NAMES[kinds.findIndex((kind) => kind !== void 0)] ?? "";
      if (!EXAMPLE.test(whole)) tokens.push({ at: start, length: whole.length, name });
      from = start + whole.length;
      continue;
    }
    OPEN.lastIndex = start;
    if (!final && OPEN.test(text)) return { tokens, stop: start };
    from = start + 1;
  }
}
function partial(text, from) {
  const tail = Math.max(from, text.length - LONGEST_BEGIN);
  const seen = Math.max(0, tail - 1);
  const at = text.slice(seen).search(PARTIAL);
  return at === -1 ? text.length : Math.max(tail, seen + at);
}

export {
  findTokens
};
