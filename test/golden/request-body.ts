import type { Step } from './golden-case.js';
import type { Variables } from './variables.js';

/** The bytes a step sends; undefined when it has no body. `earlier` has the raw answers of steps with an `id`. */
export function requestBody(step: Step, variables: Variables, earlier: ReadonlyMap<string, Buffer>): Buffer | undefined {
  if (step.body !== undefined) return Buffer.from(variables.substitute(recordedJson(step.body)));
  if (step.raw !== undefined) return Buffer.from(variables.substitute(step.raw));
  if (step.raw64 !== undefined) return variables.substituteBytes(Buffer.from(step.raw64, 'base64'));
  if (step.from === undefined) return undefined;
  const answer = earlier.get(step.from);
  if (answer === undefined) throw new Error(`no earlier step has the id ${step.from}`);
  return answer;
}

/**
 * JSON as the recorded requests had it: ASCII only, with a blank after commas and colons. It matters because some
 * errors quote the body.
 */
export function recordedJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(recordedJson).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return asciiJson(value);
  const members = Object.entries(value).map(([key, member]) => `${asciiJson(key)}: ${recordedJson(member)}`);
  return `{${members.join(', ')}}`;
}

function asciiJson(value: unknown): string {
  return JSON.stringify(value).replace(/[\u007f-\uffff]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
