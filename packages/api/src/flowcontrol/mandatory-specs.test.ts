import { expect, it } from 'vitest';
import { problemsOf } from '../testing/problems-of.js';
import { flowSchemas } from './flow-schemas.js';
import { priorityLevelConfigurations } from './priority-level-configurations.js';

const all = ['*'];
const rules = [
  {
    subjects: [{ kind: 'Group', group: { name: 'system:masters' } }],
    resourceRules: [{ verbs: all, apiGroups: all, resources: all, clusterScope: true, namespaces: all }],
    nonResourceRules: [{ verbs: all, nonResourceURLs: all }],
  },
];

it.each<[object, string[]]>([
  [{ rules }, []],
  [
    { rules: null },
    [
      'spec: Invalid value: {"PriorityLevelConfiguration":{"Name":"exempt"},"MatchingPrecedence":1,"DistinguisherMethod":null,"Rules":null}: ' +
        "spec of 'exempt' must equal the fixed value",
    ],
  ],
])('the schema of what never waits with %j has the problems %j', (change, expected) => {
  const spec = { priorityLevelConfiguration: { name: 'exempt' }, matchingPrecedence: 1, ...change };
  expect(problemsOf(flowSchemas, { metadata: { name: 'exempt' }, spec })).toEqual(expected);
});

it('keeps the level of what nothing else is about, and leaves others alone', () => {
  const spec = { type: 'Limited', limited: { nominalConcurrencyShares: 5, lendablePercent: 0, limitResponse: { type: 'Reject' } } };
  const more = { ...spec, limited: { ...spec.limited, nominalConcurrencyShares: 6 } };
  expect(problemsOf(priorityLevelConfigurations, { metadata: { name: 'catch-all' }, spec })).toEqual([]);
  expect(problemsOf(priorityLevelConfigurations, { metadata: { name: 'other' }, spec: more })).toEqual([]);
  expect(problemsOf(priorityLevelConfigurations, { metadata: { name: 'catch-all' }, spec: more })).toEqual([
    'spec: Invalid value: {"Type":"Limited","Limited":{"NominalConcurrencyShares":6,"LimitResponse":{"Type":"Reject","Queuing":null},' +
      '"LendablePercent":0,"BorrowingLimitPercent":null},"Exempt":null}: spec of \'catch-all\' must equal the fixed value',
  ]);
});

it.each<[object, string[]]>([
  [{ type: 'Exempt' }, []],
  [{ type: 'Exempt', exempt: { nominalConcurrencyShares: 10, lendablePercent: 50 } }, []],
  [
    { type: 'Limited', limited: { nominalConcurrencyShares: 5, lendablePercent: 0, limitResponse: { type: 'Reject' } } },
    [
      "spec.type: Invalid value: \"Limited\": must be 'Exempt' if and only if `name` is 'exempt'",
      'spec: Invalid value: {"Type":"Limited","Limited":{"NominalConcurrencyShares":5,"LimitResponse":{"Type":"Reject","Queuing":null},' +
        '"LendablePercent":0,"BorrowingLimitPercent":null},"Exempt":null}: ' +
        "spec of 'exempt' except the 'spec.exempt' field must equal the fixed value",
    ],
  ],
])('the level of what never waits with %j has the problems %j', (spec, expected) => {
  expect(problemsOf(priorityLevelConfigurations, { metadata: { name: 'exempt' }, spec })).toEqual(expected);
});

it('has one level of what never waits', () => {
  expect(problemsOf(priorityLevelConfigurations, { metadata: { name: 'other' }, spec: { type: 'Exempt' } })).toEqual([
    "spec.type: Invalid value: \"Exempt\": must be 'Exempt' if and only if `name` is 'exempt'",
  ]);
});
