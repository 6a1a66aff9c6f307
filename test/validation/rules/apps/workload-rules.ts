import type { Rule } from '../../rule.js';
import { fieldRule } from '../field-rule.js';
import { notLabelValue, unsupported } from '../format-messages.js';

export const template = {
  metadata: { labels: { app: 'a' } },
  spec: { containers: [{ name: 'main', image: 'nginx' }] },
};

export const selector = { matchLabels: { app: 'a' } };

interface Words {
  /** The kind, as messages about empty selectors name it. */
  readonly ofSelector: string;
  /** The kind, as messages about the template name it. */
  readonly ofTemplate: string;
  /** What is said of a selector that cannot be read. */
  readonly unreadable?: string;
}

const labelsPath = 'spec.template.metadata.labels';
const restartPath = 'spec.template.spec.restartPolicy';
const deadlinePath = 'spec.template.spec.activeDeadlineSeconds';

/** Rules about the template of pods that are restarted for ever. */
export function templateRules(kind: string): Rule[] {
  return [
    {
      rule: 'the selector matches the labels of the template',
      accepted: { 'spec.template.metadata.labels.tier': 'x' },
      refused: { [labelsPath]: { app: 'b' } },
      errors: [`${labelsPath}: Invalid value: {"app":"b"}: \`selector\` does not match template \`labels\``],
    },
    {
      rule: 'a template without labels is not the one that is selected',
      accepted: { [`${labelsPath}.app`]: 'a' },
      refused: { [labelsPath]: {} },
      errors: [`${labelsPath}: Invalid value: {}: \`selector\` does not match template \`labels\``],
    },
    fieldRule('pods are restarted for ever', restartPath, 'Always', 'Never', unsupported('Never', 'Always')),
    {
      rule: 'pods have no deadline',
      accepted: { [deadlinePath]: undefined },
      refused: { [deadlinePath]: 60 },
      errors: [`${deadlinePath}: Forbidden: activeDeadlineSeconds in ${kind} is not Supported`],
    },
    {
      rule: 'the template is one of pods',
      accepted: { 'spec.template.spec.containers[0].name': 'a' },
      refused: { 'spec.template.spec.containers': [] },
      errors: ['spec.template.spec.containers: Required value'],
    },
  ];
}

/** Rules about the selector of kinds of `apps/v1`, and their template. */
export function workloadRules({ ofSelector, ofTemplate, unreadable = 'invalid label selector' }: Words): Rule[] {
  const badValue = { matchLabels: { app: '-' } };
  const notIn = { key: 'app', operator: 'NotIn' };
  return [
    {
      rule: 'there is a selector',
      accepted: { 'spec.selector': { matchExpressions: [{ key: 'app', operator: 'In', values: ['a', 'b'] }] } },
      refused: { 'spec.selector': undefined },
      errors: [
        'spec.selector: Required value',
        `${labelsPath}: Invalid value: {"app":"a"}: \`selector\` does not match template \`labels\``,
      ],
    },
    {
      rule: 'the selector selects by something',
      accepted: { 'spec.selector': { matchExpressions: [{ key: 'app', operator: 'Exists' }] } },
      refused: { 'spec.selector': {} },
      errors: [`spec.selector: Invalid value: {}: empty selector is invalid for ${ofSelector}`],
    },
    {
      rule: 'the selector has labels',
      accepted: { 'spec.template.metadata.labels.tier': '1.b_C', 'spec.selector.matchLabels.tier': '1.b_C' },
      refused: { 'spec.selector': badValue },
      errors: [
        `spec.selector.matchLabels: Invalid value: "-": ${notLabelValue}`,
        `spec.selector: Invalid value: ${JSON.stringify(badValue)}${unreadable && `: ${unreadable}`}`,
      ],
    },
    {
      rule: 'expressions of the selector have the values that their operators need',
      accepted: { 'spec.selector.matchExpressions': [{ ...notIn, values: ['b'] }] },
      refused: { 'spec.selector.matchExpressions': [notIn] },
      errors: [
        "spec.selector.matchExpressions[0].values: Required value: must be specified when `operator` is 'In' or 'NotIn'",
        `spec.selector: Invalid value: ${JSON.stringify({ ...selector, matchExpressions: [notIn] })}${unreadable && `: ${unreadable}`}`,
      ],
    },
    ...templateRules(ofTemplate),
  ];
}

/** The selector stays what it is. */
export const fixedSelector: Rule = {
  rule: 'the selector does not change',
  on: 'update',
  before: { 'spec.template.metadata.labels.tier': 'x' },
  accepted: { 'spec.template.metadata.labels.tier': 'y' },
  refused: { 'spec.selector': { matchLabels: { app: 'a', tier: 'x' } } },
  errors: ['spec.selector: Invalid value: {"matchLabels":{"app":"a","tier":"x"}}: field is immutable'],
};

/** The count of collisions only grows. */
export const growingCollisions: Rule = {
  rule: 'collisions are not taken back',
  on: 'update/status',
  before: { 'status.collisionCount': 2 },
  accepted: { 'status.collisionCount': 3 },
  refused: { 'status.collisionCount': 1 },
  errors: ['status.collisionCount: Invalid value: 1: cannot be decremented'],
};
