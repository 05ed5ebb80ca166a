/** What may hold anything that looks like a tag: comments, CDATA and instructions. */
const SECTIONS = [
  ['<!--', '-->'],
  ['<![CDATA[', ']]>'],
  ['<?', '?>'],
] as const;

/** Where the text goes on behind the section that begins at this place: -1 if it has no end, undefined if none begins here. */
export function endOfSection(text: string, start: number): number | undefined {
  const section = SECTIONS.find(([opening]) => text.startsWith(opening, start));
  if (section === undefined) return undefined;
  const [opening, closing] = section;
  const at = text.indexOf(closing, start + opening.length);
  return at < 0 ? at : at + closing.length;
}
