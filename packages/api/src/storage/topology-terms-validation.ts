import { duplicate, type FieldError, type FieldPath, qualifiedName, required, semanticallyEqual } from '@keelson/machinery';
import type { core } from '@keelson/schema';
import { validateForm } from '../validation/names.js';

type Term = core.v1.TopologySelectorTerm;
type Requirement = core.v1.TopologySelectorLabelRequirement;

function validateRequirement({ key, values }: Requirement, at: FieldPath): FieldError[] {
  const given = values ?? [];
  const valuesAt = at.child('values');
  return [
    ...(given.length === 0 ? [required(valuesAt)] : []),
    ...given.flatMap((value, i) => (given.indexOf(value) < i ? [duplicate(valuesAt.index(i), value)] : [])),
    ...validateForm(key, at.child('key'), qualifiedName),
  ];
}

function validateTerm({ matchLabelExpressions = [] }: Term, at: FieldPath): FieldError[] {
  return matchLabelExpressions.flatMap((requirement, i) => {
    const here = at.child('matchLabelExpressions').index(i);
    const repeated = matchLabelExpressions.findIndex(({ key }) => key === requirement.key) < i;
    return [...validateRequirement(requirement, here), ...(repeated ? [duplicate(here.child('key'), requirement.key)] : [])];
  });
}

/** What a term selects, whatever the order it says it in. */
function selectionOf({ matchLabelExpressions = [] }: Term): Record<string, readonly string[]> {
  return Object.fromEntries(matchLabelExpressions.map(({ key, values }) => [key, [...(values ?? [])].sort()]));
}

/** Terms that say where volumes of a class may be; no two may say the same, and none may say nothing. */
export function validateTopologyTerms(terms: readonly Term[] = [], at: FieldPath): FieldError[] {
  const selections = terms.map(selectionOf);
  return terms.flatMap((term, i) => {
    const selection = selections[i] ?? {};
    // A term that says nothing is told once for each of all terms, too.
    const nothing = Object.keys(selection).length === 0 ? terms : [];
    const repeated = [...nothing, ...selections.slice(0, i).filter((other) => semanticallyEqual(other, selection))];
    return [...validateTerm(term, at.index(i)), ...repeated.map(() => duplicate(at.index(i).child('matchLabelExpressions'), ''))];
  });
}
