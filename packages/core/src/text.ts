/** What a peer wrote, made fit to be shown to a person. */

/** C0 and C1 controls, DEL, and the marks that turn the direction of a line on a screen. */
const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]+/g;

/** One line without control characters: safe for a terminal. It is not escaped for HTML. */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, ' ').trim();
}

/** The beginning of a text as evidence for an error: one line, at most 80 characters. */
export function excerptOf(text: string): string {
  const line = printable(text.slice(0, 400));
  return line.length <= 80 ? line : `${line.slice(0, 79)}…`;
}
