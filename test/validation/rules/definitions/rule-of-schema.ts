import type { Rule } from '../../rule.js';

const sent = 'spec.versions[0].schema.openAPIV3Schema';
/** A schema that is the same in all versions is told of where they once shared it. */
export const toldSchema = 'spec.validation.openAPIV3Schema';

/** A rule about the schema of whole objects; of problems, the paths below it. */
export function ruleOfSchema(rule: string, accepted: object, refused: object, ...problems: readonly string[]): Rule {
  return {
    rule,
    accepted: { [sent]: accepted },
    refused: { [sent]: refused },
    errors: problems.map((problem) => `${toldSchema}${problem}`),
  };
}

/** A rule about the schema of one field of objects, `spec`; of problems, the paths below it. */
export function ruleOfField(rule: string, accepted: object, refused: object, ...problems: readonly string[]): Rule {
  const whole = (spec: object) => ({ type: 'object', properties: { spec } });
  return ruleOfSchema(rule, whole(accepted), whole(refused), ...problems.map((problem) => `.properties[spec]${problem}`));
}
