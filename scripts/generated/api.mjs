/** The lists of types in docs/API.md, from the entries that the page describes. Its tables of values are written by hand. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { root } from '../workspace.mjs';
import { pageWith } from './generated-text.mjs';

/** The entries that docs/API.md describes, and the folders of their packages. */
export const ENTRIES = {
  portwright: 'packages/portwright',
  'portwright/upnp': 'packages/portwright',
  '@portwright/core/mapping': 'packages/core',
  '@portwright/core/upnp': 'packages/core',
};

/**
 * What can be imported from an entry.
 *
 * @typedef {object} Exports
 * @property {ReadonlyMap<string, string>} values their kinds by their names: `function`, `class` or `constant`
 * @property {readonly string[]} types that are no values
 */

/** @returns {ReadonlyMap<string, Exports>} by the entries' names */
export function exportsOfEntries() {
  const entries = Object.entries(ENTRIES).map(([entry, folder]) => ({ entry, file: sourceOf(entry, folder) }));
  const { options } = ts.parseJsonConfigFileContent(
    ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile).config,
    ts.sys,
    root,
  );
  const program = ts.createProgram(
    entries.map(({ file }) => file),
    options,
  );
  return new Map(entries.map(({ entry, file }) => [entry, exportsOf(program, file)]));
}

/**
 * The source of an entry, which its package.json names as it is built.
 *
 * @param {string} entry
 * @param {string} folder
 */
function sourceOf(entry, folder) {
  const { name, exports } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
  const built = exports[`.${entry.slice(name.length)}`]?.default;
  if (built === undefined) throw new Error(`${folder}/package.json has no entry ${entry}`);
  return join(root, folder, built.replace('./dist/', 'src/').replace(/\.js$/, '.ts'));
}

/**
 * @param {ts.Program} program
 * @param {string} file
 * @returns {Exports}
 */
function exportsOf(program, file) {
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(file);
  const module = source && checker.getSymbolAtLocation(source);
  if (module === undefined) throw new Error(`${file} exports nothing`);
  const all = checker
    .getExportsOfModule(module)
    .map((symbol) => ({ name: symbol.name, kind: kindOf(checker, symbol) }));
  return {
    values: new Map(all.flatMap(({ name, kind }) => (kind === 'type' ? [] : [[name, kind]]))),
    types: all.flatMap(({ name, kind }) => (kind === 'type' ? [name] : [])),
  };
}

/**
 * @param {ts.TypeChecker} checker
 * @param {ts.Symbol} symbol
 */
function kindOf(checker, symbol) {
  const isTypeOnly = symbol.declarations?.some(
    (one) => ts.isExportSpecifier(one) && ts.isTypeOnlyExportDeclaration(one),
  );
  const target = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  if (isTypeOnly === true || !(target.flags & ts.SymbolFlags.Value)) return 'type';
  if (target.flags & ts.SymbolFlags.Class) return 'class';
  return checker.getTypeOfSymbol(target).getCallSignatures().length > 0 ? 'function' : 'constant';
}

export async function generate() {
  const lists = [...exportsOfEntries()].map(([entry, { types }]) => [`types in ${entry}`, listed(types)]);
  return [await pageWith('docs/API.md', Object.fromEntries(lists))];
}

const LINE = 120;

/**
 * Names in backquotes, in lines.
 *
 * @param {readonly string[]} names
 */
function listed(names) {
  /** @type {string[]} */
  const lines = [];
  for (const name of names.toSorted((one, other) => one.localeCompare(other, 'en'))) {
    const last = lines.at(-1);
    const piece = `\`${name}\`,`;
    if (last !== undefined && `${last} ${piece}`.length <= LINE) lines[lines.length - 1] = `${last} ${piece}`;
    else lines.push(piece);
  }
  return lines.join('\n').replace(/,$/, '.');
}
