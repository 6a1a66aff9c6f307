import type { Rule } from '../../rule.js';
import { notQualifiedName, unsupported } from '../format-messages.js';

const rules = 'spec.podFailurePolicy.rules';
const first = `${rules}[0]`;
const codes = { operator: 'In', values: [1] };
const disruption = { type: 'DisruptionTarget', status: 'True' };

const many = <T>(count: number, item: T): T[] => Array.from({ length: count }, () => item);

/** What a rule of the policy may be; each is the only one. */
function ruleOfPolicy(rule: string, accepted: object, refused: object, ...errors: readonly string[]): Rule {
  return { rule, accepted: { [rules]: [accepted] }, refused: { [rules]: [refused] }, errors };
}

/** What a rule may say of exit codes. */
function ruleOfCodes(rule: string, accepted: object, refused: object, ...problems: readonly string[]): Rule {
  const judging = (onExitCodes: object) => ({ action: 'FailJob', onExitCodes: { ...codes, ...onExitCodes } });
  return ruleOfPolicy(rule, judging(accepted), judging(refused), ...problems.map((problem) => `${first}.onExitCodes.${problem}`));
}

/** What a rule may say of a condition. */
function ruleOfCondition(rule: string, accepted: object, refused: object, ...problems: readonly string[]): Rule {
  const judging = (condition: object) => ({ action: 'Ignore', onPodConditions: [{ ...disruption, ...condition }] });
  return ruleOfPolicy(rule, judging(accepted), judging(refused), ...problems.map((problem) => `${first}.onPodConditions[0].${problem}`));
}

export const podFailureRules: Rule[] = [
  {
    rule: 'a policy of failures has no more than 20 rules',
    accepted: { [rules]: many(20, { action: 'FailJob', onExitCodes: codes }) },
    refused: { [rules]: many(21, { action: 'FailJob', onExitCodes: codes }) },
    errors: [`${rules}: Too many: 21: must have at most 20 items`],
  },
  {
    rule: 'who judges failures does not restart containers',
    accepted: { [rules]: [{ action: 'FailJob', onExitCodes: codes }] },
    refused: { [rules]: [{ action: 'FailJob', onExitCodes: codes }], 'spec.template.spec.restartPolicy': 'OnFailure' },
    errors: ['spec.template.spec.restartPolicy: Invalid value: "OnFailure": only "Never" is supported when podFailurePolicy is specified'],
  },
  {
    rule: 'who judges failures replaces pods that have failed',
    accepted: { [rules]: [], 'spec.podReplacementPolicy': 'Failed' },
    refused: { [rules]: [], 'spec.podReplacementPolicy': 'TerminatingOrFailed' },
    errors: [`spec.podReplacementPolicy: ${unsupported('TerminatingOrFailed', 'Failed')}`],
  },
  ruleOfPolicy(
    'failures have a consequence',
    { action: 'Count', onExitCodes: codes },
    { onExitCodes: codes },
    `${first}.action: Required value: valid values: ["Count" "FailIndex" "FailJob" "Ignore"]`,
  ),
  ruleOfPolicy(
    'the consequence is one that there is',
    { action: 'Ignore', onExitCodes: codes },
    { action: 'Forget', onExitCodes: codes },
    `${first}.action: ${unsupported('Forget', 'Count', 'FailIndex', 'FailJob', 'Ignore')}`,
  ),
  {
    rule: 'an index fails where failures are counted by index',
    accepted: {
      'spec.completionMode': 'Indexed',
      'spec.completions': 1,
      'spec.backoffLimitPerIndex': 1,
      [rules]: [{ action: 'FailIndex', onExitCodes: codes }],
    },
    refused: { [rules]: [{ action: 'FailIndex', onExitCodes: codes }] },
    errors: [`${first}.action: Invalid value: "FailIndex": requires the backoffLimitPerIndex to be set`],
  },
  ruleOfPolicy(
    'failures are told by something',
    { action: 'Ignore', onPodConditions: [disruption] },
    { action: 'Ignore' },
    `${first}: Invalid value: specifying one of OnExitCodes and OnPodConditions is required`,
  ),
  ruleOfPolicy(
    'failures are told by one thing',
    { action: 'Ignore', onExitCodes: codes },
    { action: 'Ignore', onExitCodes: codes, onPodConditions: [disruption] },
    `${first}: Invalid value: specifying both OnExitCodes and OnPodConditions is not supported`,
  ),
  ruleOfCodes(
    'exit codes are compared in some way',
    { operator: 'NotIn' },
    { operator: '' },
    'operator: Required value: valid values: ["In" "NotIn"]',
  ),
  ruleOfCodes('the way is one that there is', { operator: 'In' }, { operator: 'Like' }, `operator: ${unsupported('Like', 'In', 'NotIn')}`),
  ruleOfCodes(
    'exit codes are those of a container of the template',
    { containerName: 'main' },
    { containerName: 'side' },
    'containerName: Invalid value: "side": must be one of the container or initContainer names in the pod template',
  ),
  ruleOfCodes('there are exit codes', { values: [1] }, { values: [] }, 'values: Invalid value: []: at least one value is required'),
  ruleOfCodes(
    'there are no more than 255 exit codes',
    { values: Array.from({ length: 255 }, (_, i) => i + 1) },
    { values: Array.from({ length: 256 }, (_, i) => i + 1) },
    'values: Too many: 256: must have at most 255 items',
  ),
  ruleOfCodes(
    'zero is no failure',
    { operator: 'NotIn', values: [0, 1] },
    { operator: 'In', values: [0, 1] },
    'values[0]: Invalid value: 0: must not be 0 for the In operator',
  ),
  ruleOfCodes('exit codes are named once', { values: [1, 2] }, { values: [1, 1] }, 'values[1]: Duplicate value: 1'),
  ruleOfCodes('exit codes are in order', { values: [2, 3] }, { values: [3, 2] }, 'values: Invalid value: [3,2]: must be ordered'),
  {
    rule: 'a rule has no more than 20 conditions',
    accepted: { [rules]: [{ action: 'Ignore', onPodConditions: many(20, disruption) }] },
    refused: { [rules]: [{ action: 'Ignore', onPodConditions: many(21, disruption) }] },
    errors: [`${first}.onPodConditions: Too many: 21: must have at most 20 items`],
  },
  ruleOfCondition(
    'a condition has a qualified name',
    { type: 'a.b/C' },
    { type: 'not one' },
    `type: Invalid value: "not one": ${notQualifiedName}`,
  ),
  ruleOfCondition(
    'the status of a condition is one that there is',
    { status: 'Unknown' },
    { status: 'Maybe' },
    `status: ${unsupported('Maybe', 'False', 'True', 'Unknown')}`,
  ),
];
