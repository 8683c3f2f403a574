/** One variable of a git configuration file. */
export interface GitSetting {
  /** Lower case. */
  readonly section: string;
  /** Case kept; null: the section has none. */
  readonly subsection: string | null;
  /** Lower case. */
  readonly name: string;
  /** null: written without `=`, which means true. */
  readonly value: string | null;
}

/** What the jail's git may know; `*` stands for any subsection. All else is dropped, above all what carries a token or a command. */
const ALLOWED: ReadonlySet<string> = new Set([
  // how the repository is stored: without these git misreads it
  'core.repositoryformatversion', 'core.filemode', 'core.bare', 'core.ignorecase', 'core.precomposeunicode', 'core.symlinks',
  'core.logallrefupdates', 'core.autocrlf', 'core.eol', 'core.sparsecheckout', 'core.sparsecheckoutcone',
  'extensions.objectformat', 'extensions.compatobjectformat', 'extensions.refstorage', 'extensions.worktreeconfig', 'extensions.partialclone',
  // names and addresses
  'remote.*.url', 'remote.*.pushurl', 'remote.*.fetch', 'remote.*.tagopt', 'remote.*.promisor', 'remote.*.partialclonefilter',
  'branch.*.remote', 'branch.*.merge', 'branch.*.rebase',
  'submodule.*.url', 'submodule.*.path', 'submodule.*.active', 'submodule.*.branch', 'submodule.active',
  // what commits say
  'user.name', 'user.email', 'i18n.commitencoding', 'i18n.logoutputencoding', 'gc.auto',
]); // biome-ignore format: a table
/** Their values are, or may be, addresses. */
const ADDRESSES: ReadonlySet<string> = new Set(['remote.*.url', 'remote.*.pushurl', 'branch.*.remote', 'submodule.*.url']);

/** The same configuration with the allowed settings only, and no credentials in addresses. What stands behind a syntax error is dropped. */
export function rewriteGitConfig(text: string): string {
  const lines: string[] = [];
  let header = '';
  for (const { section, subsection, name, value } of parseGitConfig(text)) {
    const key = [section, ...(subsection === null ? [] : ['*']), name].join('.');
    if (!ALLOWED.has(key) || subsection?.includes('\0') || value?.includes('\0')) continue;
    // The name of a remote may itself be an address.
    const place = subsection === null ? null : withoutUserinfo(subsection);
    const wanted = place === null ? `[${section}]` : `[${section} "${place.replace(/["\\]/g, '\\$&')}"]`;
    if (wanted !== header) lines.push(wanted);
    header = wanted;
    const clean = value !== null && ADDRESSES.has(key) ? withoutUserinfo(value) : value;
    lines.push(clean === null ? `\t${name}` : `\t${name} = "${clean.replace(/["\\\n\t\b]/g, (char) => ESCAPES[char] as string)}"`);
  }
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`;
}
const ESCAPES: Readonly<Record<string, string>> = { '"': '\\"', '\\': '\\\\', '\n': '\\n', '\t': '\\t', '\b': '\\b' };

/** Whether a configuration has something by which git would log in somewhere. */
export function holdsCredentials(text: string): boolean {
  for (const { section, subsection, name, value } of parseGitConfig(text)) {
    if (name === 'extraheader' || ['include', 'includeif', 'credential'].includes(section)) return true;
    if ([subsection ?? '', value ?? ''].some((one) => withoutUserinfo(one) !== one)) return true;
  }
  return false;
}

/**
 * An address without user name, password, token and query. `git@host:path` and `ssh://git@host` keep the name: it is how one gets in.
 * '' where it is none that git could use, so that nobody can say which part is the password.
 */
export function withoutUserinfo(url: string): string {
  // An address may stand behind the name of a transport helper (`name::https://…`), or in another one's path.
  const [scheme = '', ...rest] = url.split('://');
  if (rest.length === 0) {
    const first = url.split('/', 1)[0] as string;
    const colon = first.indexOf(':');
    // `name:token@host:path`, but not `name@host:path`
    return colon !== -1 && colon < first.indexOf('@') ? url.slice(first.lastIndexOf('@') + 1) : url;
  }
  const web = /https?$/i.test(scheme);
  let clean = scheme;
  for (const [index, part] of rest.entries()) {
    const slash = part.indexOf('/');
    const authority = slash === -1 ? part : part.slice(0, slash);
    const at = authority.lastIndexOf('@');
    const host = authority.slice(at + 1);
    const user = at === -1 ? '' : (authority.slice(0, at).split(/[:@]/, 1)[0] as string);
    if (web && /:\D/.test(host.replace(/^\[[^\]]*\]/, ''))) return ''; // `name:to/ken@host`
    const ssh = user !== '' && /(?:^|[:+])ssh$|(?:^|:)ssh\+/i.test(index === 0 ? scheme : '');
    clean += `://${ssh ? `${user}@` : ''}${host}${slash === -1 ? '' : part.slice(slash)}`;
  }
  return web ? (clean.split(/[?#]/, 1)[0] as string) : clean;
}

/** Reads the syntax of git-config(1). Ends at the first error, as git does. */
export function* parseGitConfig(text: string): Generator<GitSetting> {
  const reader = new Reader(text);
  let section: Pick<GitSetting, 'section' | 'subsection'> | null = null;
  for (let char = reader.next(); char !== ''; char = reader.next()) {
    if (BLANK.test(char)) continue;
    if (char === '#' || char === ';') reader.skipLine();
    else if (char === '[') {
      section = readHeader(reader);
      if (section === null) return;
    } else if (section !== null && /[A-Za-z]/.test(char)) {
      const setting = readSetting(reader, char);
      if (setting === null) return;
      yield { ...section, ...setting };
    } else return;
  }
}

/** What git takes for white space; a no-break space is a letter to it. */
const BLANK = /^[ \t\r\n]$/;

/** Characters, a CR before LF left out. */
class Reader {
  readonly #text: string;
  #at = 0;
  constructor(text: string) {
    this.#text = text.startsWith('\ufeff') ? text.slice(1) : text;
  }
  /** '' at the end. */
  next(): string {
    if (this.#text[this.#at] === '\r' && this.#text[this.#at + 1] === '\n') this.#at += 1;
    const char = this.#text[this.#at] ?? '';
    this.#at += 1;
    return char;
  }
  skipLine(): void {
    for (let char = this.next(); char !== '' && char !== '\n'; char = this.next());
  }
}

/** `[section]`, `[section "Subsection"]`, or the old `[section.subsection]`; the bracket is read. null: wrong. */
function readHeader(reader: Reader): { section: string; subsection: string | null } | null {
  let name = '';
  let char = reader.next();
  for (; /[A-Za-z0-9.-]/.test(char); char = reader.next()) name += char.toLowerCase();
  let quoted: string | null = null;
  if (/^[ \t\r]$/.test(char)) {
    while (/^[ \t\r]$/.test(char)) char = reader.next();
    if (char !== '"') return null;
    quoted = '';
    for (char = reader.next(); char !== '"'; char = reader.next()) {
      if (char === '\\') char = reader.next();
      if (char === '' || char === '\n') return null;
      quoted += char;
    }
    char = reader.next();
  }
  if (char !== ']') return null;
  const dot = name.indexOf('.');
  const old = dot === -1 ? [] : [name.slice(dot + 1)];
  const parts = quoted === null ? old : [...old, quoted];
  return { section: dot === -1 ? name : name.slice(0, dot), subsection: parts.length === 0 ? null : parts.join('.') };
}

/** `name`, `name = value`; the first letter is read. null: wrong. */
function readSetting(reader: Reader, first: string): { name: string; value: string | null } | null {
  let name = first.toLowerCase();
  let char = reader.next();
  for (; /[A-Za-z0-9-]/.test(char); char = reader.next()) name += char.toLowerCase();
  while (char === ' ' || char === '\t') char = reader.next();
  if (char === '' || char === '\n') return { name, value: null };
  if (char !== '=') return null;
  const value = readValue(reader);
  return value === null ? null : { name, value };
}

/** Up to the end of the line: blanks at both ends, quotes and comments left out, escapes resolved. null: wrong. */
function readValue(reader: Reader): string | null {
  let value = '';
  let blanks = ''; // not yet known to be inside the value
  let quoted = false;
  for (let char = reader.next(); ; char = reader.next()) {
    if (char === '' || char === '\n') return quoted ? null : value;
    if (!quoted && BLANK.test(char)) {
      if (value !== '') blanks += char;
      continue;
    }
    if (!quoted && (char === '#' || char === ';')) {
      reader.skipLine();
      return value;
    }
    let plain: string | undefined = char;
    if (char === '"') {
      quoted = !quoted;
      plain = '';
    } else if (char === '\\') {
      const escaped = reader.next();
      if (escaped === '\n' || escaped === '') {
        // The end of the text ends the line as well. Blanks before a backslash are inside.
        value += blanks;
        blanks = '';
        continue;
      }
      plain = { n: '\n', t: '\t', b: '\b', '\\': '\\', '"': '"' }[escaped];
      if (plain === undefined) return null;
    }
    value += blanks + plain;
    blanks = '';
  }
}
