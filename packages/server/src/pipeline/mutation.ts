import { dropRepeatedOwners, type KubeObject } from '@keelson/machinery';
import { managedFieldsProblem } from '@keelson/patch';
import type { MutationAttributes } from './admission.js';
import type { WriteRequest } from './write-request.js';

/** Has admission plugins change the object that is written. What they leave in its metadata must be of use. */
export function mutate(request: WriteRequest, attributes: MutationAttributes): Promise<void> | undefined {
  const managedFields = attributes.object?.metadata?.managedFields;
  const waiting = request.services.admission.mutate(attributes);
  if (waiting !== undefined) return waiting.then(() => checkMutated(request, attributes, managedFields));
  checkMutated(request, attributes, managedFields);
  return undefined;
}

function checkMutated(
  { context }: WriteRequest,
  { object }: MutationAttributes,
  managedFields: KubeObject['metadata']['managedFields'],
): void {
  if (object?.metadata === undefined) return;
  keepUsable(object, managedFields, (text) => context.warn(text));
  warnOfRepeatedOwners(object, ' after mutating admission happens', (text) => context.warn(text));
}

/** Objects whose entries say the same owner twice keep it once. `when`: where that was seen, if not in the request. */
export function warnOfRepeatedOwners({ metadata }: KubeObject, when: string, warn: (text: string) => void): void {
  const repeated = metadata.ownerReferences === undefined ? [] : dropRepeatedOwners(metadata);
  if (repeated.length === 0) return;
  const what = `.metadata.ownerReferences contains duplicate entries${when}`;
  const why = 'API server dedups owner references in 1.20+, and may reject such requests as early as 1.24; please fix your requests';
  warn(`${what}; ${why}; duplicate UID(s) observed: ${repeated.join(', ')}`);
}

function keepUsable({ metadata }: KubeObject, before: KubeObject['metadata']['managedFields'], warn: (text: string) => void): void {
  const { managedFields = [] } = metadata;
  const problem = metadata.managedFields === before ? undefined : managedFieldsProblem(managedFields);
  if (problem === undefined) return;
  if (before === undefined) delete metadata.managedFields;
  else metadata.managedFields = before;
  const why = 'this could be caused by an outdated mutating admission controller; please fix your requests';
  warn(`.metadata.managedFields was in an invalid state after admission; ${why}: ${problem}`);
}
