const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
const REFERENCE = /&(?:(amp|lt|gt|quot|apos)|#(\d{1,7})|#x([\da-fA-F]{1,6}));/g;

/** Stands for a reference that means nothing: no document holds it, as XML forbids it. */
const INVALID = '\u0000';

/** Text with its references resolved; null when one is neither among the five entities nor a character of XML 1.0. */
export function decodeReferences(raw: string): string | null {
  if (!raw.includes('&')) return raw;
  if (raw.replace(REFERENCE, '').includes('&')) return null;
  const text = raw.replace(REFERENCE, (_, entity?: string, decimal?: string, hexadecimal?: string) => {
    if (entity !== undefined) return ENTITIES[entity] ?? INVALID;
    const codePoint = decimal === undefined ? parseInt(hexadecimal ?? '', 16) : Number(decimal);
    return isXmlCharacter(codePoint) ? String.fromCodePoint(codePoint) : INVALID;
  });
  return text.includes(INVALID) ? null : text;
}

/** XML 1.0, production 2: Char. */
function isXmlCharacter(codePoint: number): boolean {
  return (
    codePoint === 0x9 ||
    codePoint === 0xa ||
    codePoint === 0xd ||
    (codePoint >= 0x20 && codePoint <= 0xd7ff) ||
    (codePoint >= 0xe000 && codePoint <= 0xfffd) ||
    (codePoint >= 0x10000 && codePoint <= 0x10ffff)
  );
}
