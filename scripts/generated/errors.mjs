/** docs/ERRORS.md, from the catalogues of errors in packages/core and packages/portwright. */
import { formatted, importTypeScript, table } from './generated-text.mjs';

/** @import { ErrorKind, ErrorEntry } from '../../packages/core/src/error-catalogue.ts' */

const PROGRAM = `
export * from './packages/core/src/error-catalogue.ts';
export * from './packages/core/src/igd/fault-codes.ts';
export * from './packages/portwright/src/cli/errors/error-catalogue.ts';
`;

/**
 * @typedef {Readonly<Record<string, ErrorKind>>} Kinds
 * @typedef {Readonly<Record<number, string>>} Faults
 * @typedef {object} Sources
 * @property {Kinds} ERROR_CATALOGUE
 * @property {Kinds} COMMAND_LINE_CATALOGUE
 * @property {Readonly<Record<string, Omit<ErrorEntry, 'message'>>>} FAULT_CATALOGUE
 * @property {Faults} commonFaults
 * @property {Faults} connectionFaults
 * @property {Faults} firewallFaults
 * @property {Faults} forwardingFaults
 */

/** @returns {Promise<Sources>} */
export function errorSources() {
  return importTypeScript(PROGRAM);
}

/**
 * Every UPnP fault, by its service.
 *
 * @param {Sources} sources
 */
export function faultGroups({ commonFaults, connectionFaults, firewallFaults, forwardingFaults }) {
  return {
    'Every service': commonFaults,
    'WANIPConnection and WANPPPConnection': connectionFaults,
    WANIPv6FirewallControl: firewallFaults,
    Layer3Forwarding: forwardingFaults,
  };
}

export async function generate() {
  const sources = await errorSources();
  const { ERROR_CATALOGUE, COMMAND_LINE_CATALOGUE } = sources;
  const faults = Object.entries(faultGroups(sources)).map(
    ([service, codes]) => `### ${service}\n\n${table(FAULT_HEAD, faultRows(codes, sources))}`,
  );
  const page = `# Errors

Every error has a \`kind\` (the group of the error), a \`code\` (what happened), a \`message\` for people, and mostly a
\`hint\` with the next step. \`kind\` and \`code\` are stable; texts may change. Words in capitals are placeholders.

A function that returns a Result answers wrong arguments with \`invalid-argument\`. \`orThrow\` throws the same as a
\`PortwrightException\`: its \`message\` ends with the hint, and \`cause\` is the error. A function that gives an object or a
text, and no Result, throws that exception for wrong arguments. \`@portwright/transport-mock\` throws a TypeError or a
RangeError.

${sectionsOf(ERROR_CATALOGUE)}

## upnp-fault

The router understood the request, and refused it. \`code\` is the UPnP error code, \`name\` its name in the specification, and
\`description\` what the router wrote itself. The message reads: the router refused ACTION: error CODE NAME.

${faults.join('\n\n')}

# Errors of the command line

The command line adds these errors. A refusal by the router or the network has the exit status 1, wrong use has 2, and Ctrl-C
has 130.

${sectionsOf(COMMAND_LINE_CATALOGUE)}
`;
  return [await formatted('docs/ERRORS.md', page)];
}

const FAULT_HEAD = ['code', 'name', 'cause', 'next step'];

/**
 * @param {Faults} codes
 * @param {Sources} sources
 */
function faultRows(codes, { FAULT_CATALOGUE }) {
  return Object.entries(codes).map(([code, name]) => {
    const { cause = '', next = '' } = FAULT_CATALOGUE[name] ?? {};
    return [`\`${code}\``, name, cause, next];
  });
}

/** @param {Kinds} kinds */
function sectionsOf(kinds) {
  return Object.entries(kinds)
    .map(([kind, { means, codes }]) => {
      const rows = Object.entries(codes).map(([code, { message, cause, next }]) => [
        `\`${code}\``,
        message,
        cause,
        next,
      ]);
      return `## ${kind}\n\n${means}\n\n${table(['code', 'message', 'cause', 'next step'], rows)}`;
    })
    .join('\n\n');
}
