import { aggregate, quote } from '@keelson/machinery';

import { type Condition, conditionOf, type Definition, isTrue } from './definition-condition.js';

type Names = Definition['status']['acceptedNames'];
type NewCondition = Omit<Condition, 'lastTransitionTime'>;

/** Which of its names a definition gets, and what is to be said of that. */
export interface NamesVerdict {
  readonly names: Names;
  readonly namesAccepted: NewCondition;
  readonly established: NewCondition;
}

interface UsedNames {
  readonly resources: ReadonlySet<string>;
  readonly kinds: ReadonlySet<string>;
}

/** Names that definitions of a group have; those of the one that asks are among them. */
function usedNames(group: string, definitions: Iterable<Definition>): UsedNames {
  const resources = new Set<string>();
  const kinds = new Set<string>();
  for (const { spec, status } of definitions) {
    if (spec.group !== group) continue;
    const { plural, singular, shortNames, kind, listKind } = status.acceptedNames;
    for (const name of [plural, singular, ...(shortNames ?? [])]) if (name) resources.add(name);
    for (const name of [kind, listKind]) if (name) kinds.add(name);
  }
  return { resources, kinds };
}

function conflictOf(requested: string, accepted: string, used: ReadonlySet<string>): string | undefined {
  return requested === accepted || !used.has(requested) ? undefined : `${quote(requested)} is already in use`;
}

/** A name goes to the definition that has it first. Of several conflicts the last one is told. */
export function acceptNames(definition: Definition, definitions: Iterable<Definition>): NamesVerdict {
  const requested = definition.spec.names;
  const accepted = definition.status.acceptedNames;
  const { resources, kinds } = usedNames(definition.spec.group, definitions);
  const names: Names = { ...accepted };
  let conflict: { reason: string; message: string } | undefined;
  const settle = <K extends keyof Names>(name: K, reason: string, message: string | undefined) => {
    if (message !== undefined) conflict = { reason, message };
    else if (requested[name] === undefined) delete names[name];
    else names[name] = requested[name];
  };
  settle('plural', 'PluralConflict', conflictOf(requested.plural, accepted.plural, resources));
  settle('singular', 'SingularConflict', conflictOf(requested.singular ?? '', accepted.singular ?? '', resources));
  settle('shortNames', 'ShortNamesConflict', shortNamesConflict(requested.shortNames ?? [], accepted.shortNames ?? [], resources));
  settle('kind', 'KindConflict', conflictOf(requested.kind, accepted.kind, kinds));
  settle('listKind', 'ListKindConflict', conflictOf(requested.listKind ?? '', accepted.listKind ?? '', kinds));
  settle('categories', '', undefined);
  const namesAccepted: NewCondition =
    conflict === undefined
      ? { type: 'NamesAccepted', status: 'True', reason: 'NoConflicts', message: 'no conflicts found' }
      : { type: 'NamesAccepted', status: 'False', ...conflict };
  return { names, namesAccepted, established: establishedAfter(definition, conflict === undefined) };
}

function shortNamesConflict(requested: readonly string[], accepted: readonly string[], used: ReadonlySet<string>): string | undefined {
  const conflicts = requested.filter((name) => !accepted.includes(name)).flatMap((name) => conflictOf(name, '', used) ?? []);
  return conflicts.length === 0 ? undefined : aggregate(conflicts);
}

/** Once established a definition stays so, whatever becomes of its names. */
function establishedAfter(definition: Definition, accepted: boolean): NewCondition {
  const old = conditionOf(definition, 'Established');
  if (!isTrue(definition, 'Established') && accepted)
    return { type: 'Established', status: 'False', reason: 'Installing', message: 'the initial names have been accepted' };
  return old ?? { type: 'Established', status: 'False', reason: 'NotAccepted', message: 'not all names are accepted' };
}
