/** The arrows of docs/ARCHITECTURE.md: who may import whom. A new arrow is a decision, and is made here. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');

interface Import {
  readonly file: string;
  readonly from: string;
  /** Undefined for an import that is erased: types alone. */
  readonly names: readonly string[] | undefined;
}

function sourcesOf(name: string): readonly string[] {
  return readdirSync(join(root, 'packages', name, 'src'), { recursive: true, encoding: 'utf8' })
    .map((file) => `packages/${name}/src/${file.replaceAll('\\', '/')}`)
    .filter((file) => file.endsWith('.ts') && !/\.(test|test-support)\.ts$/.test(file))
    .sort();
}

function read(file: string): string {
  return readFileSync(join(root, file), 'utf8');
}

/** Static imports, re-exports and dynamic imports. */
function importsOf(file: string): readonly Import[] {
  const imports: Import[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) && ts.isStringLiteral(node.moduleSpecifier)) {
      imports.push({ file, from: node.moduleSpecifier.text, names: importedNames(node.importClause) });
    } else if (ts.isExportDeclaration(node) && node.moduleSpecifier && ts.isStringLiteral(node.moduleSpecifier)) {
      imports.push({ file, from: node.moduleSpecifier.text, names: node.isTypeOnly ? undefined : ['*'] });
    } else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      const [specifier] = node.arguments;
      if (specifier && ts.isStringLiteral(specifier)) imports.push({ file, from: specifier.text, names: ['*'] });
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, read(file), ts.ScriptTarget.ES2023));
  return imports;
}

function importedNames(clause: ts.ImportClause | undefined): readonly string[] | undefined {
  if (clause?.phaseModifier === ts.SyntaxKind.TypeKeyword) return undefined;
  const bindings = clause?.namedBindings;
  if (bindings === undefined || !ts.isNamedImports(bindings)) return ['*'];
  const names = bindings.elements.filter((element) => !element.isTypeOnly).map((element) => element.name.text);
  return names.length === 0 ? undefined : names;
}

function importsOfPackage(name: string): readonly Import[] {
  return sourcesOf(name).flatMap(importsOf);
}

function isRelative({ from }: Import): boolean {
  return from.startsWith('.');
}

/** What each package may import besides its own files; a trailing `*` stands for any rest. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  core: ['neverthrow', 'fast-xml-parser'],
  'transport-node': [
    '@portwright/core',
    '@portwright/core/internal',
    '@portwright/core/result',
    '@portwright/core/tokens',
    '@portwright/transport-node',
    'tsyringe',
    'node:*',
  ],
  'transport-mock': [
    '@portwright/core',
    '@portwright/core/result',
    '@portwright/core/tokens',
    'tsyringe',
    'msw',
    'node:*',
  ],
  conformance: [
    '@portwright/core',
    '@portwright/core/internal',
    '@portwright/core/result',
    '@portwright/core/upnp',
    '@portwright/transport-mock',
    'node:*',
  ],
  portwright: [
    '@portwright/core*',
    '@portwright/transport-node*',
    '@portwright/transport-mock*',
    '@portwright/conformance*',
    'tsyringe',
    'reflect-metadata*',
    'node:*',
  ],
};

function isAllowed(from: string, patterns: readonly string[]): boolean {
  return patterns.some((pattern) => (pattern.endsWith('*') ? from.startsWith(pattern.slice(0, -1)) : from === pattern));
}

describe.each(Object.entries(allowed))('packages/%s', (name, patterns) => {
  it('has sources', () => {
    expect(sourcesOf(name).length).toBeGreaterThan(0);
  });

  it('imports only what it may', () => {
    const strays = importsOfPackage(name).filter((one) => !isRelative(one) && !isAllowed(one.from, patterns));
    expect(strays).toEqual([]);
  });

  it('reaches no other package by a relative path', () => {
    const strays = importsOfPackage(name).filter(
      (one) => isRelative(one) && !posix.join(posix.dirname(one.file), one.from).startsWith(`packages/${name}/src/`),
    );
    expect(strays).toEqual([]);
  });
});

describe('adapters', () => {
  it('take the container that they are given: tsyringe by its types alone', () => {
    const imports = ['transport-node', 'transport-mock'].flatMap(importsOfPackage);
    expect(imports.filter(({ from, names }) => from === 'tsyringe' && names !== undefined)).toEqual([]);
  });

  it('the simulator takes nothing from core but types and tokens, so that it never decodes with the code under test', () => {
    const strays = importsOfPackage('transport-mock').filter(
      ({ from, names }) => from === '@portwright/core' && names !== undefined,
    );
    expect(strays).toEqual([]);
  });

  it('the simulator knows Node in its mount on sockets alone, and msw in one file, so that the rest of it runs anywhere', () => {
    const imports = importsOfPackage('transport-mock');
    const ofNode = imports.filter(({ from, file }) => {
      return from.startsWith('node:') && !file.startsWith('packages/transport-mock/src/mounts/sockets');
    });
    expect(ofNode).toEqual([]);
    const ofMsw = imports.filter(({ from }) => from === 'msw');
    expect(ofMsw.map(({ file }) => file)).toEqual(['packages/transport-mock/src/mounts/msw.ts']);
  });
});

describe('the conformance suite', () => {
  it('takes nothing from the simulator but types, for the mutants of its checks', () => {
    const strays = importsOfPackage('conformance').filter(
      ({ from, names }) => from === '@portwright/transport-mock' && names !== undefined,
    );
    expect(strays).toEqual([]);
  });

  it('knows Node in its peer for transports alone, so that the rest of it runs anywhere', () => {
    const strays = importsOfPackage('conformance').filter(
      ({ from, file }) => from.startsWith('node:') && !file.startsWith('packages/conformance/src/transport/node-peer'),
    );
    expect(strays).toEqual([]);
  });
});

describe('core', () => {
  /** Innermost first: a folder imports from itself and from what stands before it. Files in src itself are leaves. */
  const layers = [
    '',
    'addresses',
    'xml',
    'http',
    'pcp',
    'nat-pmp',
    'ssdp',
    'description',
    'soap',
    'igd',
    'events',
    'client',
    'mapping',
    'godot',
  ];

  function layerOf(file: string): number {
    return layers.indexOf(/^packages\/core\/src\/(?:([\w-]+)\/)?/.exec(file)?.[1] ?? '');
  }

  it('imports point inward', () => {
    const outward = importsOfPackage('core').filter((one) => {
      if (!isRelative(one) || /^packages\/core\/src\/(index|internal|pcp|upnp|error-catalogue)\.ts$/.test(one.file))
        return false;
      const target = posix.join(posix.dirname(one.file), one.from);
      return layerOf(one.file) < layerOf(target) || layerOf(target) < 0;
    });
    expect(outward).toEqual([]);
  });

  describe('mapping', () => {
    const PROTOCOLS = [
      'soap',
      'igd',
      'description',
      'client',
      'events',
      'ssdp',
      'xml',
      'pcp',
      'nat-pmp',
      'godot',
      'mapping/igd',
      'mapping/nat-pmp',
      'mapping/pcp',
      'mapping/port-control',
      'mapping/watch',
    ];

    /** Whether a file knows mappers alone, and no protocol. find-mapper.ts says which mappers there are. */
    function isAboveTheSeam(file: string): boolean {
      const [, name = ''] = /^packages\/core\/src\/mapping\/(.*)$/.exec(file) ?? [];
      return (
        /^(keeper|leases|internal)\//.test(name) || (/^[^/]+$/.test(name) && !/^(find-mapper|index)\.ts$/.test(name))
      );
    }

    function knowsProtocol({ file, from }: Import): boolean {
      const target = posix.join(posix.dirname(file), from);
      return PROTOCOLS.some((folder) => target.startsWith(`packages/core/src/${folder}/`));
    }

    it('has files above the seam: the keeper, the ledger and what maps a port', () => {
      const above = sourcesOf('core').filter(isAboveTheSeam);
      for (const name of ['keeper/keeper.ts', 'leases/lease-store.ts', 'internal/budget.ts', 'map-port.ts', 'types.ts'])
        expect(above).toContain(`packages/core/src/mapping/${name}`);
      expect(above.length).toBeGreaterThan(25);
    });

    it('knows nothing of a protocol above the seam, types included', () => {
      expect(importsOfPackage('core').filter((one) => isAboveTheSeam(one.file) && knowsProtocol(one))).toEqual([]);
    });

    it.each(PROTOCOLS)('would see an import of %s', (folder) => {
      const file = 'packages/core/src/mapping/keeper/keeper.ts';
      const up = folder.startsWith('mapping/') ? '../' : '../../';
      const from = `${up}${folder.replace('mapping/', '')}/some.ts`;
      expect(isAboveTheSeam(file) && knowsProtocol({ file, from, names: undefined })).toBe(true);
    });

    it('has no file of more than 250 lines', () => {
      const long = sourcesOf('core').filter(
        (file) => file.startsWith('packages/core/src/mapping/') && read(file).split('\n').length > 251,
      );
      expect(long).toEqual([]);
    });
  });

  it('fast-xml-parser is known to one file', () => {
    const importers = importsOfPackage('core').filter(({ from }) => from === 'fast-xml-parser');
    expect(importers.map(({ file }) => file)).toEqual(['packages/core/src/xml/parse.ts']);
  });

  it.each([
    ['the time', /\bDate\b|\bperformance\b/],
    ['randomness', /\bMath\.random\b|\bcrypto\b/],
    ['timers', /\bset(Timeout|Interval|Immediate)\b/],
    ['a platform', /\b(process|Buffer|globalThis|navigator)\b/],
  ])('asks no global for %s', (_name, forbidden) => {
    expect(sourcesOf('core').filter((file) => forbidden.test(codeOf(file)))).toEqual([]);
  });

  it('is synchronous outside of client/, mapping/ and godot/', () => {
    const pure = sourcesOf('core').filter((file) => !/\/src\/(client|mapping|godot)\//.test(file));
    expect(pure.length).toBeGreaterThan(20);
    expect(pure.filter((file) => /\b(async|await)\b/.test(codeOf(file)))).toEqual([]);
  });
});

/** A file without its comments and string literals, which may well speak of what code must not use. */
function codeOf(file: string): string {
  const scanner = ts.createScanner(ts.ScriptTarget.ES2023, true, ts.LanguageVariant.Standard, read(file));
  const tokens: string[] = [];
  for (let token = scanner.scan(); token !== ts.SyntaxKind.EndOfFileToken; token = scanner.scan()) {
    if (token !== ts.SyntaxKind.StringLiteral) tokens.push(scanner.getTokenText());
  }
  return tokens.join(' ');
}
