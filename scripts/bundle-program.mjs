import { build } from 'esbuild';

/**
 * Bundles a program in TypeScript, with all that it imports, into one ES module that Node runs.
 *
 * @param {string} source
 * @param {string} outfile
 * @throws if the program can't be bundled; nothing is printed
 */
export async function bundleProgram(source, outfile) {
  await build({
    entryPoints: [source],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    // Bundled CommonJS asks for Node's own modules with require, which an ES module does not have.
    banner: { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' },
    sourcemap: 'inline',
    logLevel: 'silent', // errors come as a rejection
  });
}
