import { describe, expect, it } from 'vitest';
import { problemsOf, statusProblemsOf } from '../testing/problems-of.js';
import { resourceQuotas } from './resource-quotas.js';

const selector = 'spec.scopeSelector.matchExpressions';
const requirement = (one: object) => ({ scopeSelector: { matchExpressions: [one] } });

describe('a quota', () => {
  it.each<[object, string[]]>([
    [{ hard: { pods: '1', 'limits.cpu': '2', 'requests.hugepages-2Mi': '1Gi', 'count/jobs.batch': '3' } }, []],
    [{ hard: { pods: '1' }, scopes: ['BestEffort', 'NotTerminating'] }, []],
    [{ hard: { persistentvolumeclaims: '1' }, ...requirement({ scopeName: 'VolumeAttributesClass', operator: 'In', values: ['a'] }) }, []],
    [{ hard: { storage: '1' } }, ['spec.hard[storage]: Invalid value: "storage": must be a standard resource for quota']],
    [
      { hard: { thing: '1' } },
      [
        'spec.hard[thing]: Invalid value: "thing": must be a standard resource type or fully qualified',
        'spec.hard[thing]: Invalid value: "thing": must be a standard resource for quota',
      ],
    ],
    [{ hard: { cpu: '-1' } }, ['spec.hard[cpu]: Invalid value: "-1": must be greater than or equal to 0']],
    [{ hard: { pods: '500m' } }, ['spec.hard[pods]: Invalid value: "500m": must be an integer']],
    [{ scopes: ['Whenever'] }, ['spec.scopes: Invalid value: ["Whenever"]: unsupported scope']],
    [
      { hard: { secrets: '1' }, scopes: ['BestEffort'] },
      ['spec.scopes: Invalid value: ["BestEffort"]: unsupported scope applied to resource'],
    ],
    [{ scopes: ['BestEffort', 'NotBestEffort'] }, ['spec.scopes: Invalid value: ["BestEffort","NotBestEffort"]: conflicting scopes']],
    [requirement({ scopeName: 'Whenever', operator: 'Exists' }), [`${selector}.scopeName: Invalid value: "Whenever": unsupported scope`]],
    [
      { hard: { secrets: '1' }, ...requirement({ scopeName: 'PriorityClass', operator: 'Exists' }) },
      [
        `${selector}: Invalid value: {"MatchExpressions":[{"ScopeName":"PriorityClass","Operator":"Exists","Values":null}]}: unsupported scope applied to resource`,
      ],
    ],
    [
      requirement({ scopeName: 'Terminating', operator: 'DoesNotExist' }),
      [
        `${selector}.operator: Invalid value: "DoesNotExist": must be 'Exists' when scope is any of ResourceQuotaScopeTerminating, ResourceQuotaScopeNotTerminating, ` +
          'ResourceQuotaScopeBestEffort, ResourceQuotaScopeNotBestEffort or ResourceQuotaScopeCrossNamespacePodAffinity',
      ],
    ],
    [
      requirement({ scopeName: 'PriorityClass', operator: 'In' }),
      [`${selector}.values: Required value: must be at least one value when \`operator\` is 'In' or 'NotIn' for scope selector`],
    ],
    [
      requirement({ scopeName: 'PriorityClass', operator: 'Exists', values: ['a'] }),
      [`${selector}.values: Invalid value: ["a"]: must be no value when \`operator\` is 'Exist' or 'DoesNotExist' for scope selector`],
    ],
    [
      requirement({ scopeName: 'PriorityClass', operator: 'Is' }),
      [`${selector}.operator: Invalid value: "Is": not a valid selector operator`],
    ],
  ])('%j has the problems %j', (spec, expected) => {
    expect(problemsOf(resourceQuotas, { spec })).toEqual(expected);
  });

  it('keeps its scopes, in any order', () => {
    const change = (scopes: string[]) =>
      problemsOf(resourceQuotas, { spec: { scopes } }, { spec: { scopes: ['BestEffort', 'Terminating'] } });
    expect(change(['Terminating', 'BestEffort'])).toEqual([]);
    expect(change(['Terminating'])).toEqual(['spec.scopes: Invalid value: ["Terminating"]: field is immutable']);
  });

  it('counts what can be counted', () => {
    const status = (used: object) => statusProblemsOf(resourceQuotas, { status: { used } }, {});
    expect(status({ pods: '1' })).toEqual([]);
    expect(status({ storage: '1' })).toEqual(['status.used[storage]: Invalid value: "storage": must be a standard resource for quota']);
  });
});
