/**
 * Characters that JSON.stringify leaves as they are, and that a terminal may obey or does not show: C1 controls, DEL,
 * bidirectional controls, invisible characters.
 */
const UNPRINTABLE = /[\u007f-\u009f\p{Zl}\p{Zp}\p{Bidi_Control}\p{Default_Ignorable_Code_Point}\ufff9-\ufffb]/gu;

/** A JSON document that is safe on a terminal: such characters in texts of devices are escaped. */
export function printableJson(document: unknown, indent = 2): string {
  return JSON.stringify(document, null, indent).replace(UNPRINTABLE, (character) =>
    // One escape for each half of a character beyond U+FFFF.
    character
      .split('')
      .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
      .join(''),
  );
}
