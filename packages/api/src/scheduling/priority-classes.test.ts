import { scheduling } from '@keelson/schema';
import { describe, expect, it } from 'vitest';
import { priorityClasses } from './priority-classes.js';
import { systemPriorityClasses } from './system-priority-classes.js';

type PriorityClass = scheduling.v1.PriorityClass;

const { validate, beforeDelete, defaults } = priorityClasses.definition;

function priorityClass(name: string, fields: object): PriorityClass {
  const made = scheduling.v1.PriorityClass.codec.fromJson({ metadata: { name }, ...fields } as never);
  defaults?.(made);
  return made;
}

function problems(given: PriorityClass, old?: PriorityClass): string[] {
  return (validate?.(given, old, {} as never) ?? []).map(String);
}

describe('the names that begin with system-', () => {
  it('are for the classes of the system, as they are', () => {
    for (const known of systemPriorityClasses) expect(problems(structuredClone(known) as PriorityClass)).toEqual([]);
  });

  it.each([
    ['system-mine', 1, 'system-mine is not a known system priority class'],
    ['system-node-critical', 5, 'value of system-node-critical PriorityClass must be 2000001000'],
  ])('are not for %s of %d', (name, value, why) => {
    expect(problems(priorityClass(name, { value }))).toEqual([
      `metadata.name: Forbidden: priority class names with 'system-' prefix are reserved for system use only. error: ${why}`,
    ]);
  });
});

it('leaves the highest priorities to the system', () => {
  expect(problems(priorityClass('mine', { value: 1_000_000_000 }))).toEqual([]);
  expect(problems(priorityClass('mine', { value: 1_000_000_001 }))).toEqual([
    'value: Forbidden: maximum allowed value of a user defined priority is 1000000000',
  ]);
});

it('keeps value and preemption policy', () => {
  const old = priorityClass('mine', { value: 5 });
  expect(problems(priorityClass('mine', { value: 6, preemptionPolicy: 'Never' }), old)).toEqual([
    'value: Forbidden: may not be changed in an update.',
    'preemptionPolicy: Invalid value: "Never": field is immutable',
  ]);
});

it('keeps the classes of the system from being deleted', () => {
  const context = { dryRun: false };
  expect(() => beforeDelete?.(priorityClass('system-node-critical', {}), context)).toThrow(
    'priorityclasses.scheduling.k8s.io "system-node-critical" is forbidden: this is a system priority class and cannot be deleted',
  );
  expect(() => beforeDelete?.(priorityClass('mine', {}), context)).not.toThrow();
});
