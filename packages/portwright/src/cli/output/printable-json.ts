/** Characters that JSON.stringify leaves as they are and a terminal may obey: C1 controls, DEL, bidirectional controls. */
const UNPRINTABLE = /[\u007f-\u009f\p{Zl}\p{Zp}\p{Bidi_Control}]/gu;

/** A JSON document that is safe on a terminal: control characters in texts of devices are escaped. */
export function printableJson(document: unknown, indent = 2): string {
  return JSON.stringify(document, null, indent).replace(
    UNPRINTABLE,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
