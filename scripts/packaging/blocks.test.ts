import { describe, expect, it } from 'vitest';
import { blocks, blocksOf } from './blocks.mjs';

describe('the blocks of a page', () => {
  it('are ts and js, and no others', () => {
    const page = 'Text\n\n```ts\nlet a = 1;\n```\n\n```sh\nls\n```\n\n```js\nlet b = 2;\n```\n';
    expect(blocksOf('docs/a.md', page)).toEqual([
      { where: 'docs/a.md:3', name: 'docs-a-1', code: 'let a = 1;\n\nexport {};\n', kind: 'run', prints: undefined },
      { where: 'docs/a.md:11', name: 'docs-a-2', code: 'let b = 2;\n\nexport {};\n', kind: 'run', prints: undefined },
    ]);
  });

  it('may need lines that the page does not show', () => {
    const page = '<!-- run: prints 725 0 -->\n<!-- with:\nconst a = 1;\n-->\n\n```ts\na;\n```\n';
    const [block] = blocksOf('a.md', page);
    expect(block).toMatchObject({ where: 'a.md:6', code: 'const a = 1;\na;\n\nexport {};\n', prints: '725 0' });
  });

  it('may only be compiled, for a reason', () => {
    const page = '<!-- run: no, it needs a router -->\n\n```js\nlet a;\n```\n';
    expect(blocksOf('a.md', page)).toMatchObject([{ kind: 'compile' }]);
  });

  it('are tests where they import a test framework', () => {
    expect(blocksOf('a.md', "```ts\nimport { test } from 'vitest';\n```\n")).toMatchObject([{ kind: 'test' }]);
  });

  it.each([
    ['that never end', '```ts\nlet a;\n', 'a.md: 1 blocks are opened, and 0 are whole.'],
    ['with a word on how to run that does not exist', '<!-- run: maybe -->\n\n```ts\n```\n', 'a.md:3: "run: maybe"'],
  ])('%s are refused', (_what, page, message) => {
    expect(() => blocksOf('a.md', page)).toThrow(message);
  });

  it('are found in the README, in docs/ and in each package', () => {
    const pages = new Set(blocks().map(({ where }) => where.replace(/:\d+$/, '')));
    for (const page of ['README.md', 'docs/simulator.md', 'packages/core/README.md']) expect(pages).toContain(page);
  });
});
