import type { Rule } from '../../rule.js';

const rules = 'spec.successPolicy.rules';
const first = `${rules}[0]`;
const indexed = { 'spec.completionMode': 'Indexed', 'spec.completions': 5 };

/** What a rule of the policy may be; each is the only one, in a job with five indexes. */
function ruleOfPolicy(rule: string, accepted: object, refused: object, ...errors: readonly string[]): Rule {
  return { rule, accepted: { ...indexed, [rules]: [accepted] }, refused: { ...indexed, [rules]: [refused] }, errors };
}

/** What indexes may be named. */
function ruleOfIndexes(rule: string, accepted: string, refused: string, problem: string): Rule {
  return ruleOfPolicy(
    rule,
    { succeededIndexes: accepted },
    { succeededIndexes: refused },
    `${first}.succeededIndexes: Invalid value: ${JSON.stringify(refused)}: error parsing succeededIndexes: ${problem}`,
  );
}

export const jobSuccessRules: Rule[] = [
  {
    rule: 'who judges success has indexes',
    accepted: { ...indexed, [rules]: [{ succeededIndexes: '0' }] },
    refused: { [rules]: [{ succeededIndexes: '0' }] },
    errors: [
      'spec.successPolicy: Invalid value: {"Rules":[{"SucceededIndexes":"0","SucceededCount":null}]}: requires indexed completion mode',
    ],
  },
  {
    rule: 'a policy of success has a rule',
    accepted: { ...indexed, [rules]: [{ succeededCount: 5 }] },
    refused: { ...indexed, [rules]: [] },
    errors: [`${rules}: Required value: at least one rules must be specified when the successPolicy is specified`],
  },
  {
    rule: 'a policy of success has no more than 20 rules',
    accepted: { ...indexed, [rules]: Array(20).fill({ succeededCount: 1 }) },
    refused: { ...indexed, [rules]: Array(21).fill({ succeededCount: 1 }) },
    errors: [`${rules}: Too many: 21: must have at most 20 items`],
  },
  ruleOfPolicy(
    'success is told by something',
    { succeededCount: 1, succeededIndexes: '4' },
    {},
    `${first}: Required value: at least one of succeededCount or succeededIndexes must be specified`,
  ),
  ruleOfIndexes('indexes are numbers', '0,2-4', '0,x', 'cannot convert string to integer for index: "x"'),
  ruleOfIndexes('indexes are below the number of completions', '4', '5', 'too large index: "5"'),
  ruleOfIndexes('indexes are in order', '1,3', '3,1', 'non-increasing order, previous: 3, current: 1'),
  ruleOfIndexes('intervals have two ends that differ', '1-2', '2-2', 'non-increasing order, previous: 2, current: 2'),
  ruleOfIndexes(
    'intervals have no more than two ends',
    '1-3',
    '1-2-3',
    'the fragment "1-2-3" violates the requirement that an index interval can have at most two parts separated by \'-\'',
  ),
  ruleOfPolicy(
    'no less than nothing succeeds',
    { succeededCount: 0 },
    { succeededCount: -1 },
    `${first}.succeededCount: Invalid value: -1: must be greater than or equal to 0`,
  ),
  ruleOfPolicy(
    'no more than all succeed',
    { succeededCount: 5 },
    { succeededCount: 6 },
    `${first}.succeededCount: Invalid value: 6: must be less than or equal to 5 (the number of specified completions)`,
  ),
  ruleOfPolicy(
    'no more succeed than have indexes that are named',
    { succeededCount: 2, succeededIndexes: '0,3' },
    { succeededCount: 3, succeededIndexes: '0,3' },
    `${first}.succeededCount: Invalid value: 3: must be less than or equal to 2 (the number of indexes in the specified succeededIndexes field)`,
  ),
];
