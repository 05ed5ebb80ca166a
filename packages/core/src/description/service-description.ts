/** The service description, or SCPD: which actions a service has (UDA 1.0, 2.3; UDA 1.1, 2.5). */
import type { Result } from '../result.ts';
import { BYTES_OR_TEXT, checkArguments } from '../arguments.ts';
import type { InvalidArgumentError, MalformedError } from '../errors.ts';
import { childOf, itemsOf, textOf, textsOf, type XmlElement } from '../xml/element.ts';
import { parseDescription } from './parse-description.ts';
import { decodeSpecVersion, type SpecVersion } from './spec-version.ts';

export interface ServiceDescription {
  readonly specVersion: SpecVersion | null;
  readonly actions: readonly ActionDescription[];
  readonly stateVariables: readonly StateVariable[];
}

export interface ActionDescription {
  readonly name: string;
  /** In the order of the document, which is the order in which they are sent. */
  readonly arguments: readonly ArgumentDescription[];
}

export interface ArgumentDescription {
  readonly name: string;
  /** Null where the device says something else. */
  readonly direction: 'in' | 'out' | null;
  /** The state variable that gives the argument its type. */
  readonly relatedStateVariable: string | null;
}

export interface StateVariable {
  readonly name: string;
  /** `ui2`, `string`, `boolean` ... (UDA 1.1, 2.5). */
  readonly dataType: string | null;
  /** Whether it is evented. The standard's default is yes. */
  readonly sendEvents: boolean;
  readonly defaultValue: string | null;
  /** Empty where any value is allowed. */
  readonly allowedValues: readonly string[];
  readonly allowedRange: AllowedRange | null;
}

/** The bounds of a number, as texts: their type is the variable's. */
export interface AllowedRange {
  readonly minimum: string | null;
  readonly maximum: string | null;
  readonly step: string | null;
}

/**
 * Reads a service description. Whatever has no name is left out; missing lists are empty.
 *
 * Errors: `xml` where it is not well-formed; `description` where the root element is not `<scpd>`, which is what a
 * router's "not found" page is, or where it is larger than 256 KiB.
 */
export function decodeServiceDescription(
  body: Uint8Array | string,
): Result<ServiceDescription, MalformedError | InvalidArgumentError> {
  return checkArguments(['body', body, BYTES_OR_TEXT])
    .andThen(() => parseDescription(body, 'scpd'))
    .map((root) => ({
      specVersion: decodeSpecVersion(root),
      actions: named(root, 'actionList', 'action').map(toAction),
      stateVariables: named(root, 'serviceStateTable', 'stateVariable').map(toStateVariable),
    }));
}

/** The items of a list that have a name. */
function named(element: XmlElement, list: string, item: string): readonly XmlElement[] {
  return itemsOf(element, list, item).filter((found) => nameOf(found) !== '');
}

function nameOf(element: XmlElement): string {
  return textOf(element, 'name') ?? '';
}

function toAction(element: XmlElement): ActionDescription {
  return { name: nameOf(element), arguments: named(element, 'argumentList', 'argument').map(toArgument) };
}

function toArgument(element: XmlElement): ArgumentDescription {
  const direction = textOf(element, 'direction')?.toLowerCase();
  return {
    name: nameOf(element),
    direction: direction === 'in' || direction === 'out' ? direction : null,
    relatedStateVariable: textsOf(element)('relatedStateVariable'),
  };
}

function toStateVariable(element: XmlElement): StateVariable {
  // Before 1.0 was final it was an element, and some routers still write that.
  const sendEvents = element.attributes.get('sendEvents') ?? textOf(element, 'sendEventsAttribute') ?? 'yes';
  const range = childOf(element, 'allowedValueRange');
  return {
    name: nameOf(element),
    dataType: textsOf(element)('dataType'),
    sendEvents: sendEvents.toLowerCase() !== 'no',
    defaultValue: textOf(element, 'defaultValue') ?? null,
    allowedValues: itemsOf(element, 'allowedValueList', 'allowedValue').map(({ text }) => text),
    allowedRange: range === undefined ? null : toRange(range),
  };
}

function toRange(element: XmlElement): AllowedRange {
  const bound = textsOf(element);
  return { minimum: bound('minimum'), maximum: bound('maximum'), step: bound('step') };
}
