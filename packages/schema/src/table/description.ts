import { descriptions } from '../gen/descriptions.js';

let byName: ReadonlyMap<string, string> | undefined;

/** What proto/ says about a message, `core.v1.PodSpec`, or one of its fields, `core.v1.PodSpec.nodeName`; '' when nothing. */
export function description(name: string): string {
  byName ??= new Map(Object.entries(JSON.parse(descriptions) as Record<string, string>));
  return byName.get(name) ?? '';
}
