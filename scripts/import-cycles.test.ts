/**
 * No file imports itself by way of others, types included: each can be read, and moved, without the ones that use it.
 * `npm exec --yes -- madge@8.0.0 --circular --extensions ts --ts-config tsconfig.json packages` finds the same cycles.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import ts from 'typescript';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');

type Graph = ReadonlyMap<string, readonly string[]>;

/** Every source file of the packages, and the source files that it imports. */
function importGraph(): Graph {
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), (path) => ts.sys.readFile(path)) as {
    config: unknown;
  };
  const { options } = ts.parseJsonConfigFileContent(config, { ...ts.sys, readDirectory: () => [] }, root);
  const cache = ts.createModuleResolutionCache(root, (name) => name, options);
  const files = readdirSync(join(root, 'packages')).flatMap((name) =>
    readdirSync(join(root, 'packages', name, 'src'), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .map((file) => join(root, 'packages', name, 'src', file)),
  );
  const known = new Set(files);
  const resolve = (name: string, from: string): string | undefined =>
    ts.resolveModuleName(name, from, options, ts.sys, cache).resolvedModule?.resolvedFileName;
  return new Map(
    files.map((file) => {
      const { importedFiles } = ts.preProcessFile(readFileSync(file, 'utf8'), true, true);
      const targets = importedFiles.flatMap(({ fileName }) => resolve(fileName, file) ?? []);
      return [place(file), targets.filter((target) => known.has(target)).map(place)];
    }),
  );
}

function place(file: string): string {
  return relative(root, file).replaceAll('\\', '/');
}

/** Cycles that share no file, each as the way from a file back to itself. Empty only if the graph has no cycle. */
function cyclesIn(graph: Graph): readonly (readonly string[])[] {
  const cycles: (readonly string[])[] = [];
  let left = leadingIntoCycles(graph);
  while (left.size > 0) {
    const way: string[] = [];
    let [file = ''] = left.keys();
    while (!way.includes(file)) {
      way.push(file);
      [file = ''] = left.get(file) ?? [];
    }
    const cycle = way.slice(way.indexOf(file));
    cycles.push([...cycle, file]);
    left = leadingIntoCycles(new Map([...left].filter(([one]) => !cycle.includes(one))));
  }
  return cycles;
}

/** The files from which a way leads into a cycle, with their imports of one another. */
function leadingIntoCycles(graph: Graph): Graph {
  const among = [...graph].map(([file, targets]) => [file, targets.filter((target) => graph.has(target))] as const);
  const left = among.filter(([, targets]) => targets.length > 0);
  return left.length === among.length ? new Map(left) : leadingIntoCycles(new Map(left));
}

test('finds a cycle, and what leads into it is no part of it', () => {
  const graph: Graph = new Map([
    ['entry', ['a', 'leaf']],
    ['a', ['leaf', 'b']],
    ['b', ['a']],
    ['self', ['self']],
    ['leaf', []],
  ]);
  expect(cyclesIn(graph)).toEqual([
    ['a', 'b', 'a'],
    ['self', 'self'],
  ]);
});

test('packages have no import cycles, type-only ones included', () => {
  const graph = importGraph();
  // Resolution works within and across packages; otherwise there would be no cycle to find.
  expect(graph.get('packages/conformance/src/run/run.ts')).toEqual(
    expect.arrayContaining(['packages/conformance/src/run/result.ts', 'packages/core/src/index.ts']),
  );
  expect(cyclesIn(graph)).toEqual([]);
});
