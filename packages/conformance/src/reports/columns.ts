/** How wide texts are on a terminal, and how they are made to fit. */

/** East Asian wide and fullwidth characters, and emoji, roughly (Unicode's EastAsianWidth.txt). */
const WIDE =
  /[\u1100-\u115f\u2e80-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/;
const ABOVE = /[\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u;
const COMBINING = /[\p{Mn}\p{Me}]/u;

/** The columns that a text takes. */
export function columnsOf(text: string): number {
  let columns = 0;
  for (const character of text) columns += columnsOfOne(character);
  return columns;
}

function columnsOfOne(character: string): number {
  if (character < '\u0300') return 1;
  if (COMBINING.test(character)) return 0;
  return WIDE.test(character) || ABOVE.test(character) ? 2 : 1;
}

/** The text, cut to a width; an ellipsis tells that it was. */
export function truncated(text: string, width: number): string {
  if (columnsOf(text) <= width) return text;
  const [line = ''] = folded(text, Math.max(1, width - 1));
  return `${line}…`;
}

/** Breaks a text between words into lines of a width. */
export function wrapped(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ').flatMap((one) => folded(one, width))) {
    if (line !== '' && columnsOf(line) + 1 + columnsOf(word) > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}

/** Breaks a text into lines of a width wherever that is: what was on a wire keeps its spaces. */
export function folded(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  let columns = 0;
  for (const character of text) {
    const own = columnsOfOne(character);
    if (line !== '' && columns + own > width) {
      lines.push(line);
      line = '';
      columns = 0;
    }
    line += character;
    columns += own;
  }
  return [...lines, line];
}
