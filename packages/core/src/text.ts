/** What a peer wrote, made fit to be shown to a person. */

/** Controls, separators of lines and paragraphs, and the marks that turn the direction of a line on a screen (Bidi_Control). */
const UNPRINTABLE = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_C}]+/gu;
/**
 * What takes no room on a screen (DI is Default_Ignorable_Code_Point: U+200B, U+00AD, U+FEFF, the tags from U+E0000 on).
 * A person who copies a text with it, or searches for it, gets another one than is seen.
 */
const INVISIBLE = /[\p{DI}\ufff9-\ufffb]/gu;

/** One line of visible characters: safe for a terminal. It is not escaped for HTML. Empty for what is no text. */
export function printable(text: string): string {
  return typeof text === 'string' ? text.replace(UNPRINTABLE, ' ').replace(INVISIBLE, '').trim() : '';
}

/** The number that a text of decimal digits stands for, if it is not above the maximum. */
export function wholeNumber(text: string, maximum: number): number | undefined {
  const value = /^\+?\d{1,10}$/.test(text) ? Number(text) : Infinity;
  return value <= maximum ? value : undefined;
}

/** The beginning of a text as evidence for an error: one line, at most 80 characters. */
export function excerptOf(text: string): string {
  const line = printable(text.slice(0, 400));
  return line.length <= 80 ? line : `${line.slice(0, 79)}…`;
}

/** A path and query with spaces and what is not ASCII percent-encoded, but control characters and halves of pairs. */
export function percentEncoded(path: string): string {
  return path.replace(/[ \u00a0-\ud7ff\ue000-\u{10ffff}]/gu, encodeURIComponent);
}
