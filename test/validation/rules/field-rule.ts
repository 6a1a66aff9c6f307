import type { Rule } from '../rule.js';

/** A rule about the value of one field: what it may be, what it may not, and what is said of that: `<kind>[: <value>][: <detail>]` each. */
export function fieldRule(rule: string, field: string, accepted: unknown, refused: unknown, ...problems: readonly string[]): Rule {
  return {
    rule,
    accepted: { [field]: accepted },
    refused: { [field]: refused },
    errors: problems.map((problem) => `${field}: ${problem}`),
  };
}
