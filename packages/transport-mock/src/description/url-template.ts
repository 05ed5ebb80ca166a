import { seededRandom } from '../seeded-random.ts';

const ALPHABETS: Readonly<Record<string, string>> = {
  letters: 'abcdefghijklmnopqrstuvwxyz',
  digits: '0123456789',
  hex: '0123456789abcdef',
};

/**
 * Fills in `{name}` from the values, and `{letters:5}`, `{digits:5}`, `{hex:8}` with characters that are the same
 * wherever they stand, and others after the next boot: a client that has kept such a URL has kept nothing.
 */
export function expandTemplate(
  template: string,
  values: Readonly<Record<string, string | number>>,
  boot: { readonly uuid: string; readonly bootId: number },
): string {
  return template.replace(/\{(\w+)(?::(\d{1,2}))?\}/g, (whole, name: string, length: string | undefined) => {
    const alphabet = ALPHABETS[name];
    if (alphabet !== undefined && length !== undefined) return drawn(alphabet, Number(length), boot);
    return String(values[name] ?? whole);
  });
}

/** The path that a URL in a description leads to, from the directory of its base. */
export function pathOf(url: string, base: string): string {
  const path = url.replace(/^http:\/\/[^/]+/i, '');
  return path.startsWith('/') ? path : base.slice(0, base.lastIndexOf('/') + 1) + path;
}

function drawn(alphabet: string, length: number, { uuid, bootId }: { uuid: string; bootId: number }): string {
  const seed = Array.from(uuid).reduce((sum, letter) => Math.imul(sum, 31) + letter.charCodeAt(0), bootId);
  const random = seededRandom(seed);
  return Array.from({ length }, () => alphabet[Math.floor(random.fraction() * alphabet.length)]).join('');
}
