/** Contrast of a page's texts, as WCAG 2.2 defines it: https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio */
import type { Page } from 'playwright-core';

export interface TextColours {
  readonly text: string;
  readonly colour: string;
  readonly background: string;
}

/** The colours of every text that is shown, each pair of them once. Nothing in the page is translucent. */
export async function textColours(page: Page): Promise<readonly TextColours[]> {
  return page.evaluate<TextColours[]>(`(() => {
    const pairs = new Map();
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      const parent = node.parentElement;
      if (node.data.trim() === '' || !parent.checkVisibility()) continue;
      let behind = parent;
      const backgroundOf = (element) => getComputedStyle(element).backgroundColor;
      while (backgroundOf(behind) === 'rgba(0, 0, 0, 0)') behind = behind.parentElement;
      const colour = getComputedStyle(parent).color;
      const background = backgroundOf(behind);
      pairs.set(colour + background, { text: node.data.trim().slice(0, 40), colour, background });
    }
    return [...pairs.values()];
  })()`);
}

export function contrastOf({ colour, background }: TextColours): number {
  const [light = 0, dark = 0] = [luminance(colour), luminance(background)].sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

function luminance(colour: string): number {
  const [, ...parts] = /^rgb\((\d+), (\d+), (\d+)\)$/.exec(colour) ?? [];
  if (parts.length !== 3) throw new Error(`${colour} is not opaque`);
  const [r = 0, g = 0, b = 0] = parts.map((part) => {
    const value = Number(part) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
