/** What turns text around, hides, or is no text stands as its number: a text must look like what it is. */
export function shown(text: string): string {
  return text.replace(/(?![\t\n])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu, (found) => {
    const code = found.codePointAt(0) ?? 0;
    return code === 0x0d ? '␍' : `\\u{${code.toString(16)}}`;
  });
}
