/** Texts that a gateway may have had a hand in, made fit to be shown: nothing in a report is trusted. */

/**
 * What a terminal may obey, what turns the direction of a line, what can't be seen at all, and what XML 1.0 can't have
 * (2.2). A tab and a line feed stay.
 */
const UNSEEN = /[^\P{Cc}\t\n]|[\p{Cf}\p{Default_Ignorable_Code_Point}\p{Cs}\p{Zl}\p{Zp}\ufffe\uffff]/gu;

/** The same text, with control characters and their like as escapes that can be read: `\x1b`. */
export function visible(text: string): string {
  return text.replace(UNSEEN, (character) => {
    const code = character.codePointAt(0) ?? 0;
    const hex = code.toString(16);
    if (character === '\r') return '\\r';
    if (code <= 0xff) return `\\x${hex.padStart(2, '0')}`;
    return code <= 0xffff ? `\\u${hex.padStart(4, '0')}` : `\\u{${hex}}`;
  });
}

/** One line. */
export function oneLine(text: string): string {
  return visible(text.replace(/\s+/g, ' ').trim());
}

const MARKUP: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** For XML and HTML, as content and in attributes with quotes of either kind. */
export function escapeMarkup(text: string): string {
  return visible(text).replace(/[&<>"']/g, (character) => MARKUP[character] ?? '');
}
