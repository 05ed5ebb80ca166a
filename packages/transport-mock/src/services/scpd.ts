import { element, textElement } from '../xml/xml-writer.ts';
import type { Action, Argument, ServiceDefinition, StateVariable } from '../gateway/model.ts';

/** UDA 1.0, 2.3: a service's description, from the table that its calls are checked against. */
export function writeScpd(definition: ServiceDefinition, omittedActions: readonly string[]): string {
  const actions = [...definition.actions.values()].filter(({ name }) => !omittedActions.includes(name));
  return (
    '<?xml version="1.0"?>\r\n' +
    '<scpd xmlns="urn:schemas-upnp-org:service-1-0">' +
    '<specVersion><major>1</major><minor>0</minor></specVersion>' +
    element('actionList', ...actions.map(writeAction)) +
    element('serviceStateTable', ...definition.variables.map(writeVariable)) +
    '</scpd>\r\n'
  );
}

function writeAction({ name, inputs, outputs }: Action): string {
  const list = [...inputs.map(writeArgument('in')), ...outputs.map(writeArgument('out'))];
  return element('action', textElement('name', name), list.length === 0 ? '' : element('argumentList', ...list));
}

function writeArgument(direction: 'in' | 'out'): (argument: Argument) => string {
  return ({ name, variable }) =>
    element(
      'argument',
      textElement('name', name),
      textElement('direction', direction),
      textElement('relatedStateVariable', variable.name),
    );
}

function writeVariable({ name, type, isEvented, defaultValue, allowed, range }: StateVariable): string {
  const values = (allowed ?? []).map((value) => textElement('allowedValue', value));
  return (
    `<stateVariable sendEvents="${isEvented ? 'yes' : 'no'}">` +
    textElement('name', name) +
    textElement('dataType', type) +
    (defaultValue === undefined ? '' : textElement('defaultValue', defaultValue)) +
    (values.length === 0 ? '' : element('allowedValueList', ...values)) +
    (range === undefined
      ? ''
      : element(
          'allowedValueRange',
          textElement('minimum', String(range[0])),
          textElement('maximum', String(range[1])),
        )) +
    '</stateVariable>'
  );
}
