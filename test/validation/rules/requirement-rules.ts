import type { Rule } from '../rule.js';
import { notLabelValue, notQualifiedName } from './format-messages.js';

/** What labels must be to be selected, where the requirements stand in the only selector or term at `place`. */
export function requirementRules(place: string, what: string): readonly Rule[] {
  const selecting = (rule: string, accepted: object, refused: object, error: string): Rule => ({
    rule,
    accepted: { [place]: [accepted] },
    refused: { [place]: [refused] },
    errors: [`${place}[0].${error}`],
  });
  const noValues = "values: Required value: must be specified when `operator` is 'In' or 'NotIn'";
  const someValues = "values: Forbidden: may not be specified when `operator` is 'Exists' or 'DoesNotExist'";
  return [
    selecting(`In of ${what} has values`, { key: 'a', operator: 'In', values: ['b'] }, { key: 'a', operator: 'In' }, noValues),
    selecting(
      `NotIn of ${what} has values`,
      { key: 'a', operator: 'NotIn', values: [''] },
      { key: 'a', operator: 'NotIn', values: [] },
      noValues,
    ),
    selecting(
      `Exists of ${what} has no values`,
      { key: 'a', operator: 'Exists' },
      { key: 'a', operator: 'Exists', values: ['b'] },
      someValues,
    ),
    selecting(
      `DoesNotExist of ${what} has no values`,
      { key: 'a', operator: 'DoesNotExist', values: [] },
      { key: 'a', operator: 'DoesNotExist', values: ['b'] },
      someValues,
    ),
    selecting(
      `a requirement of ${what} has a known operator`,
      { key: 'a', operator: 'Exists' },
      { key: 'a', operator: 'Like', values: ['1'] },
      'operator: Invalid value: "Like": not a valid selector operator',
    ),
    selecting(
      `a requirement of ${what} has a proper key`,
      { key: 'a.b/C', operator: 'Exists' },
      { key: '-', operator: 'Exists' },
      `key: Invalid value: "-": ${notQualifiedName}`,
    ),
    selecting(
      `a requirement of ${what} has proper values`,
      { key: 'a', operator: 'In', values: ['B_c'] },
      { key: 'a', operator: 'In', values: ['a', '-'] },
      `values[1]: Invalid value: "-": ${notLabelValue}`,
    ),
  ];
}
