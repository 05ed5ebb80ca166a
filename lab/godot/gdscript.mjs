// @ts-check

/** @import { Argument, Row, Step } from './rows.mjs' */

/** What each line of a row's answer starts with: Godot writes other things to its standard output too. */
export const ANSWER = 'ROW ';

/**
 * Writes the table as a script for Godot 3, which makes the calls one after the other and prints what each came to. A look
 * at the gateway prints the whole lease file, for whoever runs the script to look into.
 *
 * @param {readonly Row[]} rows
 * @param {string} leaseFile
 */
export function gdscriptFor(rows, leaseFile) {
  // quit() stands outside of run(): an error ends the function that it happens in, and Godot would go on for ever.
  return `extends SceneTree

var objects = {"upnp": UPNP.new()}

func _init():
	run()
	quit()

func run():
${rows.map(({ id, step }) => `\t${statementsFor(id, step).join('\n\t')}\n`).join('')}
func plain(value):
	return value.get_class() if value is Object else value

func say(id, value):
	print(${literal(ANSWER)}, to_json({"id": id, "value": plain(value)}))

func say_leases(id):
	var file = File.new()
	var text = ""
	if file.open(${literal(leaseFile)}, File.READ) == OK:
		text = file.get_as_text()
		file.close()
	print(${literal(ANSWER)}, to_json({"id": id, "leases": text, "now": OS.get_unix_time()}))
`;
}

/**
 * @param {string} id
 * @param {Step} step
 * @returns {readonly string[]}
 */
function statementsFor(id, step) {
  if ('look' in step) return [`say_leases(${literal(id)})`];
  const object = nameOf(step.on);
  if ('make' in step) return [`${object} = ${step.make}.new()`, `say(${literal(id)}, ${object})`];
  if ('get' in step) return [`say(${literal(id)}, ${object}.${snakeCase(step.get)})`];
  if ('set' in step) {
    const property = `${object}.${snakeCase(step.set)}`;
    return [`${property} = ${literal(step.to)}`, `say(${literal(id)}, ${property})`];
  }
  const expression = `${object}.${snakeCase(step.call)}(${step.args.map(argument).join(', ')})`;
  if (step.keep === undefined) return [`say(${literal(id)}, ${expression})`];
  return [`${nameOf(step.keep)} = ${expression}`, `say(${literal(id)}, ${nameOf(step.keep)})`];
}

/** @param {Argument} value */
function argument(value) {
  return typeof value === 'object' ? nameOf(value.object) : literal(value);
}

/** @param {string} object */
function nameOf(object) {
  return `objects[${literal(object)}]`;
}

/** GDScript writes numbers, booleans and strings with these escapes as JSON does. @param {number | string | boolean} value */
function literal(value) {
  return JSON.stringify(value);
}

/**
 * The facade's name of a member in Godot's spelling.
 *
 * @param {string} camelCase
 */
export function snakeCase(camelCase) {
  return camelCase.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
