/** Texts that devices wrote, made fit for a terminal. */

/** C0 and C1 controls, DEL, and the marks that turn the direction of a line on a screen. */
const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/;

const RUNS = new RegExp(`${UNPRINTABLE.source}+`, 'g');
/** JSON.stringify escapes C0 by itself, but for the line ends that it writes to indent. */
const IN_JSON = new RegExp(UNPRINTABLE.source.replace('\\u0000-\\u001f', ''), 'g');

/** One line without control characters. */
export function printable(text: string): string {
  return text.replace(RUNS, ' ').trim();
}

/** A JSON document that a terminal can show too: what could steer it stands there escaped, and means the same. */
export function printableJson(document: unknown): string {
  return JSON.stringify(document, null, 2).replace(
    IN_JSON,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
