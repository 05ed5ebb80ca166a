/** The predefined entities. */
const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** Their characters, CR, and what XML 1.0 (2.2) does not allow even as a reference. */
const TO_ESCAPE = /[&<>"'\0-\x08\x0b-\x1f\ufffe\uffff]/g;

/**
 * Text for an element or an attribute. Characters that XML can't carry are left out, and CR is written as a reference,
 * since a reader would turn it into LF (XML 1.0, 2.11).
 */
export function escapeXml(text: string): string {
  return text.replace(TO_ESCAPE, (character) => {
    const name = character === '\r' ? '#13' : Object.keys(ENTITIES).find((key) => ENTITIES[key] === character);
    return name === undefined ? '' : `&${name};`;
  });
}

/**
 * The text behind the five predefined entities and character references. Anything else that starts with an ampersand
 * stays as it is: routers write "AT&T" in names, and no other entity exists without a DOCTYPE, which is refused.
 */
export function unescapeXml(text: string): string {
  return text.replace(/&(?:#(\d{1,7}|x[\da-fA-F]{1,6})|([a-z]{2,4}));/g, (reference, digits, name) => {
    if (name !== undefined) return ENTITIES[name as string] ?? reference;
    // With a zero before it, XML's "x41" is a hexadecimal number of ECMAScript's, and a decimal one stays what it is.
    const point = Number(`0${digits as string}`);
    if (point === 0 || point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff)) return reference;
    return String.fromCodePoint(point);
  });
}
