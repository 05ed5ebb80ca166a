/** What may hold anything that looks like a tag: comments, CDATA and instructions. */
const SECTIONS = [
  ['<!--', '-->'],
  ['<![CDATA[', ']]>'],
  ['<?', '?>'],
] as const;

/**
 * Finds the sections of a text. The function that it returns says where the text goes on behind the section that begins
 * at a place; undefined if none begins there, or if it has no end.
 *
 * An end that is missing is searched for once, so the work stays linear.
 */
export function sectionsOf(text: string): (start: number) => number | undefined {
  const endless = new Set<string>();
  return (start) => {
    const section = SECTIONS.find(([opening]) => text.startsWith(opening, start) && !endless.has(opening));
    if (section === undefined) return undefined;
    const [opening, closing] = section;
    const at = text.indexOf(closing, start + opening.length);
    if (at >= 0) return at + closing.length;
    endless.add(opening);
    return undefined;
  };
}
