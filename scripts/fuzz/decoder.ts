/** What is fuzzed: a function that reads input from outside, with valid documents to begin with. */
export interface Decoder {
  readonly name: string;
  /** A character for each byte. */
  readonly documents: readonly string[];
  /** What is inserted and repeated. */
  readonly words: readonly string[];
  /** Reads an input. Null: it was refused. */
  readonly read: (input: Uint8Array) => Reading | null | Promise<Reading | null>;
  /** Default: true. False: it goes over a socket, so that its time is not its own. */
  readonly isTimed?: boolean;
}

/** What was read. */
export interface Reading {
  /** Texts that the input must have: a decoder must not make up what it reports. */
  readonly claims: readonly (string | null | undefined)[];
  /** What is wrong with the reading itself, such as a value that is read differently the second time. */
  readonly wrong?: string | undefined;
}

export function bytesOf(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0) & 0xff);
}

const UTF8 = new TextDecoder('utf-8');
const LATIN1 = new TextDecoder('latin1');
const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** Comments and their like, the borders of CDATA, and an element with an empty tag. */
const PASSED_OVER = /<!--[^]*?-->|<\?[^]*?\?>|<!\[cdata\[|\]\]>|<[^<>]*\/>/y;
const START_TAG = /<([\w:.-]+)[^<>]*>/y;
/** Elements of one name may be inside of one another: so many end tags are tried. */
const MOST_ENDS = 8;

/** Where a text may go on, if something that a reader passes over begins here: markup, or an element with all that it has. */
function* placesBehind(text: string, at: number): Generator<number, undefined> {
  PASSED_OVER.lastIndex = at;
  if (PASSED_OVER.test(text)) yield PASSED_OVER.lastIndex;
  START_TAG.lastIndex = at;
  const name = START_TAG.exec(text)?.[1];
  if (name === undefined) return undefined;
  const end = `</${name}>`;
  let place = text.indexOf(end, START_TAG.lastIndex);
  for (let tries = 0; place >= 0 && tries < MOST_ENDS; tries += 1, place = text.indexOf(end, place + 1))
    yield place + end.length;
  return undefined;
}

/**
 * The same for all spellings of a text: references resolved, and visible ASCII alone, since how bytes that are no UTF-8 are
 * read differs.
 */
function comparable(text: string): string {
  return plain(
    text.replace(
      /&(?:#(\d{1,7})|#[xX]([\da-fA-F]{1,6})|(\w{1,5}));/g,
      (reference: string, decimal?: string, hex?: string, name?: string) => {
        const code = decimal === undefined ? parseInt(hex ?? '', 16) : Number(decimal);
        if (name !== undefined) return ENTITIES[name] ?? reference;
        return code <= 0x10ffff ? String.fromCodePoint(code) : reference;
      },
    ),
  );
}

function plain(text: string): string {
  return text.replace(/[^\x21-\x7e]+/g, '').toLowerCase();
}

/** Whether the text has the claim at this place, maybe with something in between that is passed over. */
function standsAt(text: string, place: number, claim: string): boolean {
  const seen = new Set<number>();
  const open: (readonly [at: number, read: number])[] = [[place, 0]];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [at, read] = next;
    if (read === claim.length) return true;
    const key = at * (claim.length + 1) + read;
    if (seen.has(key)) continue;
    seen.add(key);
    for (const behind of placesBehind(text, at)) open.push([behind, read]);
    if (at < text.length && text[at] === claim[read]) open.push([at + 1, read + 1]);
  }
  return false;
}

function stands(text: string, claim: string): boolean {
  if (text.includes(claim)) return true;
  for (let place = text.indexOf(claim.charAt(0)); place >= 0; place = text.indexOf(claim.charAt(0), place + 1))
    if (standsAt(text, place, claim)) return true;
  return false;
}

/** The first claim that the input does not have. */
export function unsupported({ claims }: Reading, input: Uint8Array): string | undefined {
  const raw = [UTF8.decode(input), LATIN1.decode(input)];
  const once = raw.map(comparable);
  // Twice resolved: a listing is escaped XML inside of XML. Not resolved: CDATA.
  const texts = [...raw.map(plain), ...once, ...once.map(comparable)];
  return claims
    .filter((claim) => claim !== null && claim !== undefined)
    .find((claim) => {
      const spellings = [plain(claim), comparable(claim), comparable(comparable(claim))];
      return !texts.some((text) => spellings.some((spelling) => stands(text, spelling)));
    });
}
