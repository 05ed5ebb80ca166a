/** Texts that devices wrote, made fit for a terminal. */

/** What JSON.stringify leaves as it is and a terminal may obey: C1 controls, DEL, and marks that turn a line around. */
const UNPRINTABLE = /[\u007f-\u009f\p{Zl}\p{Zp}\p{Bidi_Control}]/gu;

/** A JSON document that a terminal can show too: what could steer it stands there escaped, and means the same. */
export function printableJson(document: unknown, indent = 2): string {
  return JSON.stringify(document, null, indent).replace(
    UNPRINTABLE,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
