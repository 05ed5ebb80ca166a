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

/** What a reader may pass over inside of a text: comments and their like, the borders of CDATA, and empty elements. */
const PASSED_OVER = /<!--[^]*?-->|<\?[^]*?\?>|<!\[cdata\[|\]\]>|<[^<>]*\/>|<([\w:]+)[^<>]*><\/\1>/y;

/**
 * The same for all spellings of a text: references resolved, and visible ASCII alone, since how bytes that are no UTF-8 are
 * read differs.
 */
function comparable(text: string): string {
  return text
    .replace(
      /&(?:#(\d{1,7})|#[xX]([\da-fA-F]{1,6})|(\w{1,5}));/g,
      (reference: string, decimal?: string, hex?: string, name?: string) => {
        const code = decimal === undefined ? parseInt(hex ?? '', 16) : Number(decimal);
        if (name !== undefined) return ENTITIES[name] ?? reference;
        return code <= 0x10ffff ? String.fromCodePoint(code) : reference;
      },
    )
    .replace(/[^\x21-\x7e]+/g, '')
    .toLowerCase();
}

/** Whether the text has the claim at this place, maybe with something in between that is passed over. */
function standsAt(text: string, place: number, claim: string): boolean {
  const open: (readonly [place: number, read: number])[] = [[place, 0]];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    let [at, read] = next;
    while (read < claim.length) {
      PASSED_OVER.lastIndex = at;
      const skipped = PASSED_OVER.exec(text)?.[0].length;
      if (text[at] === claim[read]) {
        if (skipped !== undefined) open.push([at + skipped, read]);
        at += 1;
        read += 1;
      } else if (skipped === undefined) break;
      else at += skipped;
    }
    if (read === claim.length) return true;
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
  const once = [UTF8.decode(input), LATIN1.decode(input)].map(comparable);
  // Twice resolved: a listing is escaped XML inside of XML.
  const texts = [...once, ...once.map(comparable)];
  return claims
    .filter((claim) => claim !== null && claim !== undefined)
    .find((claim) => {
      const spellings = [comparable(claim), comparable(comparable(claim))];
      return !texts.some((text) => spellings.some((spelling) => stands(text, spelling)));
    });
}
