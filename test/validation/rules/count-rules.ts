import type { Rule } from '../rule.js';
import { negative } from './format-messages.js';

/** A rule about a count that may be zero, but no less. `rest` is whatever else the rule needs. */
export function notNegative(field: string, rest: Partial<Rule> = {}): Rule {
  return {
    rule: `${field} is not negative`,
    accepted: { [field]: 0 },
    refused: { [field]: -1 },
    errors: [`${field}: Invalid value: -1: ${negative}`],
    ...rest,
  };
}

/** The same of counts of a status that stand alone. */
export function countsOfStatus(...fields: readonly string[]): Rule[] {
  return fields.map((field) => notNegative(`status.${field}`, { on: 'update/status' }));
}

/** The same of the replicas in a status, of which there are also fewer than of each of their parts then. */
export function replicasOfStatus(...parts: readonly string[]): Rule[] {
  const negative = (field: string) => `status.${field}: Invalid value: -1: must be greater than or equal to 0`;
  return [
    notNegative('status.replicas', {
      on: 'update/status',
      errors: [negative('replicas'), ...parts.map((part) => `status.${part}: Invalid value: 0: cannot be greater than status.replicas`)],
    }),
    notNegative('status.readyReplicas', {
      on: 'update/status',
      refused: { 'status.readyReplicas': -1, 'status.availableReplicas': -1 },
      errors: ['readyReplicas', 'availableReplicas'].map(negative),
    }),
  ];
}

/** A rule about parts of the replicas in a status, which cannot be more than all of them. */
export function partsOfReplicas(...fields: readonly string[]): Rule[] {
  return fields.map((field) => ({
    rule: `status.${field} is a part of the replicas`,
    on: 'update/status',
    accepted: { 'status.replicas': 2, 'status.readyReplicas': 2, [`status.${field}`]: 2 },
    refused: { 'status.replicas': 2, 'status.readyReplicas': 2, [`status.${field}`]: 3 },
    errors: [
      `status.${field}: Invalid value: 3: cannot be greater than status.replicas`,
      ...(field === 'availableReplicas' ? ['status.availableReplicas: Invalid value: 3: cannot be greater than readyReplicas'] : []),
    ],
  }));
}

/** What is said of a text that is no percentage. */
export const notPercent =
  "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')";
