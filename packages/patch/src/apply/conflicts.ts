import { ApiError, quote } from '@keelson/machinery';
import { type FieldSet, forEachPath, has, isEmpty } from '../managed-fields/field-set.js';
import type { ManagedEntry } from '../managed-fields/managed-entries.js';
import { formatPath, type PathElement } from '../managed-fields/path-element.js';

/** A field that an apply would change and another manager owns. */
export interface Conflict {
  /** Identity of the other manager. */
  readonly identity: string;
  readonly entry: ManagedEntry;
  readonly path: readonly PathElement[];
}

export function conflictsOf(identity: string, entry: ManagedEntry, fields: FieldSet): Conflict[] {
  const conflicts: Conflict[] = [];
  if (!isEmpty(fields)) forEachPath(fields, (path) => conflicts.push({ identity, entry, path }));
  return conflicts;
}

/** Those that are not about a field of `allowed`. */
export function conflictsOutside(conflicts: readonly Conflict[], allowed: FieldSet): Conflict[] {
  return conflicts.filter(({ path }) => !has(allowed, path));
}

/** The 409 that lists all conflicts. */
export function conflictAnswer(conflicts: readonly Conflict[]): ApiError {
  const causes = conflicts.map(({ entry, path }) => ({
    reason: 'FieldManagerConflict',
    message: `conflict with ${describeManager(entry)}`,
    field: formatPath(path),
  }));
  return new ApiError(409, 'Conflict', conflictMessage(conflicts), { causes });
}

function conflictMessage(conflicts: readonly Conflict[]): string {
  const [first] = conflicts;
  if (first && conflicts.length === 1) {
    return `Apply failed with 1 conflict: conflict with ${describeManager(first.entry)}: ${formatPath(first.path)}`;
  }
  const lines: string[] = [];
  let manager: string | undefined;
  for (const { identity, entry, path } of [...conflicts].sort((a, b) => (a.identity < b.identity ? -1 : a.identity > b.identity ? 1 : 0))) {
    if (identity !== manager) lines.push(`conflicts with ${describeManager(entry)}:`);
    manager = identity;
    lines.push(`- ${formatPath(path)}`);
  }
  return `Apply failed with ${conflicts.length} conflicts: ${lines.join('\n')}`;
}

function describeManager({ manager = '', subresource, operation, apiVersion }: ManagedEntry): string {
  const name = subresource ? `${quote(manager)} with subresource ${quote(subresource)}` : quote(manager);
  return operation === 'Update' ? `${name} using ${apiVersion}` : name;
}
