import { descriptions } from '../gen/descriptions.js';

/** What the fields are that nearly every kind has; proto/ says so only where there is more to say. */
const commonFields: Readonly<Record<string, string>> = {
  metadata: 'Name, namespace, labels, annotations, and what the server keeps about the object.',
  spec: 'What is wanted. Written by users, carried out by controllers.',
  status: 'What is. Written by controllers.',
  conditions: 'Aspects of the state, each with a status, a reason and the time of its last change.',
  observedGeneration: 'Generation of the object that the controller has seen; the rest of the status is about it.',
};

let byName: ReadonlyMap<string, string> | undefined;

/**
 * What proto/ says about a message, `core.v1.PodSpec`, or one of its fields, `core.v1.PodSpec.nodeName`. A kind's list
 * and the fields that all kinds share describe themselves. '' when there is nothing to say.
 */
export function description(name: string): string {
  byName ??= new Map(Object.entries(JSON.parse(descriptions) as Record<string, string>));
  const [packageName = '', version, message = '', field] = name.split('.');
  const said = byName.get(name);
  if (said !== undefined) return said;
  const listed = message.endsWith('List') ? message.slice(0, -'List'.length) : '';
  if (field === 'items' && listed !== '') return 'The objects of the list.';
  if (field !== undefined) return commonFields[field] ?? '';
  return listed !== '' && byName.has(`${packageName}.${version}.${listed}`) ? `A list of objects of kind ${listed}.` : '';
}
