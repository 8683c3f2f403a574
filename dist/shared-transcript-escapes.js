// src/transcript/escapes.ts
var ESC = 27;
var IN_A_LINE = [67, 68, 71, 75];
var MAX_SGR = 64;
var EscapeFilter = class {
  #keep;
  #mode = "text";
  #parameters = "";
  constructor(keep) {
    this.#keep = keep;
  }
  push(text) {
    let out = "";
    let start = 0;
    for (let at = 0; at < text.length; at += 1) {
      const code = text.charCodeAt(at);
      if (this.#mode === "text" && !isControl(code)) continue;
      out += text.slice(start, at);
      start = at + 1;
      out += this.#step(code);
    }
    return out + text.slice(start);
  }
  /** What stands in the place of this character. */
  #step(code) {
    if (code === 10 || code === 13) return this.#enter("text", code);
    if (code === ESC) return this.#enter("escape");
    if (code === 24 || code === 26 || code === 156) return this.#enter("text");
    if (code === 155) return this.#enter("csi");
    if (code === 144 || code === 152 || code === 157 || code === 158 || code === 159) return this.#enter("string");
    switch (this.#mode) {
      case "text":
        return code === 9 ? "	" : code === 8 && this.#keep === "line" ? "\b" : "";
      case "string":
        return code === 7 ? this.#enter("text") : "";
      case "escape":
        return this.#escape(code);
      case "intermediate":
        if (code >= 48) return this.#enter("text", code > 126 ? code : null);
        return "";
      case "csi":
        return this.#csi(code);
    }
  }
  #escape(code) {
    if (code === 91) return this.#enter("csi");
    if (code === 80 || code === 88 || code === 93 || code === 94 || code === 95) return this.#enter("string");
    if (code >= 32 && code < 48) return this.#enter("intermediate");
    if (code < 32) return "";
    return this.#enter("text", code > 126 ? code : null);
  }
  #csi(code) {
    if (code < 32 || code === 127) return "";
    if (code < 64) {
      if (this.#parameters.length <= MAX_SGR) this.#parameters += String.fromCharCode(code);
      return "";
    }
    const parameters = this.#parameters;
    if (code > 126) return this.#enter("text", code);
    this.#enter("text");
    return this.#keeps(code, parameters) ? `\x1B[${parameters}${String.fromCharCode(code)}` : "";
  }
  #keeps(final, parameters) {
    switch (this.#keep) {
      case "nothing":
        return false;
      case "colours":
        return final === 109 && isColour(parameters);
      case "line":
        return IN_A_LINE.includes(final) && /^\d{0,5}$/.test(parameters);
    }
  }
  #enter(mode, shown = null) {
    this.#mode = mode;
    this.#parameters = "";
    return shown === null || isControl(shown) && shown !== 10 && shown !== 13 ? "" : String.fromCharCode(shown);
  }
};
function isControl(code) {
  return code < 32 || code >= 127 && code < 160;
}
var LONG_COLOUR = /(^|;)[345]8;(?:5;\d{1,3}|2(?:;\d{1,3}){3})(?=;|$)/g;
function isColour(parameters) {
  if (parameters.length > MAX_SGR || !/^[\d;]*$/.test(parameters)) return false;
  const codes = parameters.replace(LONG_COLOUR, "$1").split(";").map(Number);
  return !codes.some((code) => code === 8 || code === 38 || code === 48 || code === 58);
}

// src/transcript/sanitise.ts
var MAX_LINE = 4096;
var NOTE = 64;
var INVISIBLE = /(?![\t\n])[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\p{Zl}\p{Zp}]/gu;
var LogSanitiser = class {
  #filter = new EscapeFilter("nothing");
  #redact;
  #line = "";
  /** Characters of the line that were not kept. */
  #more = 0;
  #started = false;
  #afterReturn = false;
  /** `redact` gets each line once what has no glyph is out of it: that may have stood within a secret. */
  constructor(redact = (line) => line) {
    this.#redact = redact;
  }
  /** The lines that `text` completes. `text` must not end within a surrogate pair: decode with a StringDecoder. */
  push(text) {
    const lines = [];
    const clean = this.#filter.push(text);
    let start = 0;
    for (const { index, 0: end } of clean.matchAll(/\r\n|\r|\n/g)) {
      const tail = this.#afterReturn && index === 0 && end === "\n";
      this.#append(clean.slice(start, index));
      start = index + end.length;
      if (!tail) lines.push(this.#finish());
      this.#afterReturn = false;
    }
    if (clean !== "") this.#afterReturn = clean.endsWith("\r");
    this.#append(clean.slice(start));
    return lines;
  }
  /** The last line, if it had no end. */
  flush() {
    return this.#started ? [this.#finish()] : [];
  }
  #append(text) {
    if (text === "") return;
    this.#started = true;
    const room = MAX_LINE - this.#line.length;
    this.#line += text.slice(0, room);
    this.#more += Math.max(0, text.length - room);
  }
  #finish() {
    const line = capped(neutral(this.#redact(visible(this.#line))), this.#more);
    this.#line = "";
    this.#more = 0;
    this.#started = false;
    return line;
  }
};
function forTerminal(text, options = {}) {
  const sanitiser = new TerminalSanitiser(options);
  return sanitiser.push(text) + sanitiser.flush();
}
var TerminalSanitiser = class {
  #filter;
  #coloured = false;
  #afterReturn = false;
  constructor(options = {}) {
    this.#filter = new EscapeFilter(options.colours === true ? "colours" : "nothing");
  }
  push(text) {
    let clean = this.#filter.push(text);
    if (clean === "") return "";
    const doubled = this.#afterReturn && clean.startsWith("\n");
    this.#afterReturn = clean.endsWith("\r");
    if (doubled) clean = clean.slice(1);
    const [first = "", ...coloured] = clean.replace(/\r\n?/g, "\n").split("\x1B");
    const last = coloured.at(-1);
    if (last !== void 0) this.#coloured = !/^\[0*m/.test(last);
    return [first, ...coloured].map(visible).join("\x1B");
  }
  /** Sets the terminal's colours back if there were any. */
  flush() {
    return this.#coloured ? "\x1B[0m" : "";
  }
};
function visible(text) {
  return text.toWellFormed().replace(INVISIBLE, "");
}
function neutral(line) {
  return line.replaceAll("##[", "##\\[").replace(/^(\s*)::/, "$1\\::");
}
function capped(line, more) {
  if (more === 0 && line.length <= MAX_LINE) return line;
  const kept = line.slice(0, MAX_LINE - NOTE).replace(/[\ud800-\udbff]$/, "");
  return `${kept} … [${line.length - kept.length + more} more characters]`;
}

export {
  LogSanitiser,
  forTerminal,
  TerminalSanitiser
};
