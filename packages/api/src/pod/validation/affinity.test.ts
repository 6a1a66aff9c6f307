import { describe, expect, it } from 'vitest';
import { podProblems } from '../../testing/pod-problems.js';

const must = 'requiredDuringSchedulingIgnoredDuringExecution';
const should = 'preferredDuringSchedulingIgnoredDuringExecution';
const labelForm =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an " +
  "alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";
const hostname = 'kubernetes.io/hostname';

function problemsOf(field: string, affinity: object): string[] {
  return podProblems({ affinity: { [field]: affinity } }).map((text) => text.replace(`affinity.${field}.`, ''));
}

describe('affinity to nodes', () => {
  const term = (expression: object) => ({ nodeSelectorTerms: [{ matchExpressions: [{ key: 'k', ...expression }] }] });
  const at = `${must}.nodeSelectorTerms[0].matchExpressions[0]`;

  it.each<[string, object, string[]]>([
    ['of some labels', { [must]: term({ operator: 'In', values: ['a'] }) }, []],
    ['of none', { [must]: {} }, [`${must}.nodeSelectorTerms: Required value: must have at least one node selector term`]],
    ['in an unknown way', { [must]: term({ operator: 'X' }) }, [`${at}.operator: Invalid value: "X": not a valid selector operator`]],
    [
      'among no values',
      { [must]: term({ operator: 'NotIn' }) },
      [`${at}.values: Required value: must be specified when \`operator\` is 'In' or 'NotIn'`],
    ],
    [
      'among values that matter not',
      { [must]: term({ operator: 'Exists', values: ['a'] }) },
      [`${at}.values: Forbidden: may not be specified when \`operator\` is 'Exists' or 'DoesNotExist'`],
    ],
    [
      'beyond two values',
      { [must]: term({ operator: 'Gt', values: ['1', '2'] }) },
      [`${at}.values: Required value: must be specified single value when \`operator\` is 'Lt' or 'Gt'`],
    ],
    [
      'with a value that no label has',
      { [must]: term({ operator: 'In', values: ['a b'] }) },
      [`${at}.values[0]: Invalid value: "a b": ${labelForm}`],
    ],
    [
      'that would be nice, of what no label has',
      { [should]: [{ weight: 1, preference: { matchExpressions: [{ key: 'k', operator: 'In', values: ['a b'] }] } }] },
      [],
    ],
    ['of no weight', { [should]: [{ weight: 0, preference: {} }] }, [`${should}[0].weight: Invalid value: 0: must be in the range 1-100`]],
    [
      'by a field that nodes are not chosen by',
      { [must]: { nodeSelectorTerms: [{ matchFields: [{ key: 'spec.x', operator: 'In', values: ['a'] }] }] } },
      [`${must}.nodeSelectorTerms[0].matchFields[0].key: Invalid value: "spec.x": not a valid field selector key`],
    ],
  ])('%s', (_title, affinity, problems) => {
    expect(problemsOf('nodeAffinity', affinity)).toEqual(problems);
  });
});

describe('affinity to pods', () => {
  const labelSelector = { matchLabels: { a: 'b' } };
  const at = `${must}[0]`;
  const term = { topologyKey: hostname, labelSelector };

  it.each<[string, object, string[]]>([
    ['on one node', { namespaces: ['ns'], matchLabelKeys: ['x'], mismatchLabelKeys: ['y'] }, []],
    [
      'nowhere',
      { topologyKey: '' },
      [
        `${at}.topologyKey: Required value: can not be empty`,
        `${at}.topologyKey: Invalid value: "": name part must be non-empty`,
        `${at}.topologyKey: Invalid value: "": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an ` +
          "alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
      ],
    ],
    [
      'with a label that none has',
      { labelSelector: { matchLabels: { a: 'b c' } } },
      [`${at}.labelSelector.matchLabels: Invalid value: "b c": ${labelForm}`],
    ],
    [
      'in namespaces chosen in an unknown way',
      { namespaceSelector: { matchExpressions: [{ key: 'k', operator: 'X' }] } },
      [`${at}.namespaceSelector.matchExpressions[0].operator: Invalid value: "X": not a valid selector operator`],
    ],
    [
      'by keys without a selector',
      { labelSelector: undefined, matchLabelKeys: ['x'] },
      [`${at}.matchLabelKeys: Forbidden: must not be specified when labelSelector is not set`],
    ],
    [
      'by a key that must match and must not',
      { matchLabelKeys: ['x'], mismatchLabelKeys: ['x'] },
      [`${at}.matchLabelKeys[0]: Invalid value: "x": exists in both matchLabelKeys and mismatchLabelKeys`],
    ],
    [
      'by a key that the selector has, too',
      {
        matchLabelKeys: ['a'],
        labelSelector: { matchLabels: { a: 'b' }, matchExpressions: [{ key: 'a', operator: 'In', values: ['c'] }] },
      },
      [`${at}[0]: Invalid value: "a": exists in both matchLabelKeys and labelSelector`],
    ],
  ])('%s', (_title, fields, problems) => {
    expect(problemsOf('podAffinity', { [must]: [{ ...term, ...fields }] })).toEqual(problems);
  });

  it('has a weight where it would only be nice', () => {
    expect(problemsOf('podAntiAffinity', { [should]: [{ weight: 100, podAffinityTerm: term }] })).toEqual([]);
    expect(problemsOf('podAntiAffinity', { [should]: [{ weight: 101, podAffinityTerm: term }] })).toEqual([
      `${should}[0].weight: Invalid value: 101: must be in the range 1-100`,
    ]);
  });
});

describe('spreading', () => {
  const constraint = { maxSkew: 1, topologyKey: 'zone', whenUnsatisfiable: 'DoNotSchedule', labelSelector: {} };

  it.each<[string, object[], string[]]>([
    ['over zones', [{ ...constraint, minDomains: 2, nodeTaintsPolicy: 'Honor', matchLabelKeys: ['a'] }], []],
    [
      'over nothing',
      [{ maxSkew: 0, topologyKey: '', whenUnsatisfiable: 'X' }],
      [
        '[0].maxSkew: Invalid value: 0: must be greater than zero',
        '[0].topologyKey: Required value: can not be empty',
        '[0].whenUnsatisfiable: Unsupported value: "X": supported values: "DoNotSchedule", "ScheduleAnyway"',
      ],
    ],
    [
      'twice',
      [constraint, { ...constraint, maxSkew: 2 }],
      ['[0].{topologyKey, whenUnsatisfiable}: Duplicate value: "{zone, DoNotSchedule}"'],
    ],
    [
      'over domains that need not be there',
      [{ ...constraint, whenUnsatisfiable: 'ScheduleAnyway', minDomains: 0 }],
      [
        '[0].minDomains: Invalid value: 0: must be greater than zero',
        '[0].minDomains: Invalid value: 0: can only use minDomains if whenUnsatisfiable=DoNotSchedule, not ScheduleAnyway',
      ],
    ],
    [
      'with unknown policies',
      [{ ...constraint, nodeAffinityPolicy: 'X', nodeTaintsPolicy: 'Y' }],
      [
        '[0].nodeAffinityPolicy: Unsupported value: "X": supported values: "Honor", "Ignore"',
        '[0].nodeTaintsPolicy: Unsupported value: "Y": supported values: "Honor", "Ignore"',
      ],
    ],
    [
      'by keys without a selector',
      [{ ...constraint, labelSelector: undefined, matchLabelKeys: ['a'] }],
      ['[0].matchLabelKeys: Forbidden: must not be specified when labelSelector is not set'],
    ],
  ])('%s', (_title, topologySpreadConstraints, problems) => {
    expect(podProblems({ topologySpreadConstraints })).toEqual(problems.map((text) => `topologySpreadConstraints${text}`));
  });
});
