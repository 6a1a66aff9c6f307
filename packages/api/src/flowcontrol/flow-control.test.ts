import type { Json, KubeObject } from '@keelson/machinery';
import type { Resource, WriteContext } from '@keelson/server';
import { printedCells } from '@keelson/server/testing';
import { describe, expect, it } from 'vitest';
import { flowSchemas } from './flow-schemas.js';
import { priorityLevelConfigurations } from './priority-level-configurations.js';

const context = {} as WriteContext;

function object(of: Resource, json: object): KubeObject {
  const made = of.hub.codec.fromJson({ metadata: { name: 'n' }, ...json } as Json);
  of.definition.defaults?.(made);
  return made;
}

function messages(of: Resource, spec: object): string[] | undefined {
  return of.definition.validate?.(object(of, { spec }), undefined, context).map(String);
}

function limited(queuing: object): object {
  return { type: 'Limited', limited: { limitResponse: { type: 'Queue', queuing } } };
}

describe('priority levels', () => {
  it('have shares and queues by default', () => {
    expect(object(priorityLevelConfigurations, { spec: limited({}) })).toMatchObject({
      spec: {
        limited: {
          nominalConcurrencyShares: 30,
          lendablePercent: 0,
          limitResponse: { type: 'Queue', queuing: { queues: 64, handSize: 8, queueLengthLimit: 50 } },
        },
      },
    });
    expect(object(priorityLevelConfigurations, { spec: { type: 'Exempt', exempt: {} } })).toMatchObject({
      spec: { exempt: { nominalConcurrencyShares: 0, lendablePercent: 0 } },
    });
  });

  it.each([
    [limited({}), []],
    [limited({ queues: 4 }), ['spec.limited.limitResponse.queuing.handSize: Invalid value: 8: should not be greater than queues (4)']],
    [
      limited({ queues: 1024, handSize: 7 }),
      [
        'spec.limited.limitResponse.queuing.handSize: Invalid value: 7: required entropy bits of deckSize 1024 and handSize 7 should not be greater than 60',
      ],
    ],
    [limited({ queues: 1024, handSize: 6 }), []],
    [{ type: 'Exempt', exempt: {} }, ["spec.type: Invalid value: \"Exempt\": must be 'Exempt' if and only if `name` is 'exempt'"]],
    [{ type: 'Other' }, ['spec.type: Unsupported value: "Other": supported values: "Exempt", "Limited"']],
  ])('are checked: %j', (spec, expected) => {
    expect(messages(priorityLevelConfigurations, spec)).toEqual(expected);
  });

  it('are printed', () => {
    const row = (spec: object) =>
      printedCells((priorityLevelConfigurations.definition.columns ?? []).slice(0, 6), object(priorityLevelConfigurations, { spec }));
    expect(row(limited({}))).toEqual(['n', 'Limited', 30, 64, 8, 50]);
    expect(row({ type: 'Exempt', exempt: {} })).toEqual(['n', 'Exempt', '<none>', '<none>', '<none>', '<none>']);
  });
});

describe('flow schemas', () => {
  const rule = {
    subjects: [{ kind: 'User', user: { name: '*' } }],
    resourceRules: [{ verbs: ['get'], apiGroups: ['*'], resources: ['*'], namespaces: ['*'] }],
  };
  const level = { priorityLevelConfiguration: { name: 'global-default' } };

  it.each([
    [{}, []],
    [
      { matchingPrecedence: 1 },
      ["spec.matchingPrecedence: Invalid value: 1: only the schema named 'exempt' may have matchingPrecedence 1"],
    ],
    [
      { distinguisherMethod: { type: 'X' } },
      ['spec.distinguisherMethod.type: Unsupported value: {"Type":"X"}: supported values: "ByNamespace", "ByUser"'],
    ],
    [{ rules: [{ ...rule, subjects: [] }] }, ['spec.rules[0].subjects: Required value: subjects must contain at least one value']],
    [
      { rules: [{ ...rule, subjects: [{ kind: 'User', group: { name: 'g' } }] }] },
      [
        "spec.rules[0].subjects[0].user: Required value: user is required when subject kind is 'User'",
        "spec.rules[0].subjects[0].group: Forbidden: group is forbidden when subject kind is not 'Group'",
      ],
    ],
    [
      { rules: [{ ...rule, nonResourceRules: [{ verbs: ['*', 'get'], nonResourceURLs: ['/a*b', 'x'] }] }] },
      [
        'spec.rules[0].nonResourceRules[0].verbs: Invalid value: ["*","get"]: if \'*\' is present, must not specify other verbs',
        'spec.rules[0].nonResourceRules[0].nonResourceURLs[0]: Invalid value: "/a*b": wildcard can only do suffix matching',
        'spec.rules[0].nonResourceRules[0].nonResourceURLs[1]: Invalid value: "x": must start with slash',
      ],
    ],
  ])('are checked: %j', (spec, expected) => {
    expect(messages(flowSchemas, { ...level, rules: [rule], ...spec })).toEqual(expected);
  });

  it('come at precedence 1000, and say whether their level is missing', () => {
    const schema = object(flowSchemas, { spec: level, status: { conditions: [{ type: 'Dangling', status: 'True' }] } });
    const row = printedCells(flowSchemas.definition.columns ?? [], schema, 0);
    expect(row).toEqual(['n', 'global-default', 1000, '<none>', '<unknown>', 'True']);
  });
});
