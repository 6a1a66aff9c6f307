import type { Json, ManagedFieldsEntry } from '@keelson/machinery';
import { readFieldsV1 } from './fields-v1.js';

/** What keeps entries from being used, in the words of Kubernetes; undefined when nothing does. */
export function managedFieldsProblem(entries: readonly ManagedFieldsEntry[]): string | undefined {
  for (const [at, entry] of entries.entries()) {
    const problem = entryProblem(entry, at);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function entryProblem({ operation, apiVersion, fieldsType, fieldsV1 }: ManagedFieldsEntry, at: number): string | undefined {
  if (operation !== 'Apply' && operation !== 'Update') return 'operation must be `Apply` or `Update`';
  if (!apiVersion) return 'apiVersion must not be empty';
  if (!fieldsType) return `missing fieldsType in managed fields entry ${at}`;
  if (fieldsType !== 'FieldsV1') return `invalid fieldsType ${JSON.stringify(fieldsType)} in managed fields entry ${at}`;
  try {
    readFieldsV1((fieldsV1 ?? {}) as Json);
    return undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return `error decoding versioned set: ${error.message}`;
    throw error;
  }
}
