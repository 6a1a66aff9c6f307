import { apps } from '@keelson/schema';
import { describe, expect, it } from 'vitest';
import { daemonSets } from './daemon-sets.js';

type DaemonSet = apps.v1.DaemonSet;

const { defaults, prepareForCreate, prepareForUpdate, generationOf } = daemonSets.definition;
const template = 'deprecated.daemonset.template.generation';

function daemonSet(image: string, annotations?: Record<string, string>): DaemonSet {
  const set = apps.v1.DaemonSet.codec.fromJson({
    metadata: { name: 'agent', ...(annotations && { annotations }) },
    spec: {
      selector: { matchLabels: { a: 'b' } },
      template: { metadata: { labels: { a: 'b' } }, spec: { containers: [{ name: 'c', image }] } },
    },
  });
  defaults?.(set);
  return set;
}

describe('the generation of the template', () => {
  it('starts at 1', () => {
    const set = daemonSet('a:1', { mine: 'x' });
    prepareForCreate?.(set, {} as never);
    expect(set.metadata.annotations).toEqual({ mine: 'x', [template]: '1' });
  });

  it('counts changes of the template, whatever clients write', () => {
    const old = daemonSet('a:1', { [template]: '3' });
    const changed = daemonSet('a:2', { [template]: '7' });
    prepareForUpdate?.(changed, old, {} as never);
    expect(changed.metadata.annotations).toEqual({ [template]: '4' });
    const same = daemonSet('a:1');
    prepareForUpdate?.(same, old, {} as never);
    expect(same.metadata.annotations).toEqual({ [template]: '3' });
  });

  it('is no change of the spec', () => {
    expect(generationOf?.(daemonSet('a:1', { [template]: '1' }))).toEqual(generationOf?.(daemonSet('a:1')));
  });
});

it('rolls updates out one by one unless told otherwise', () => {
  expect(daemonSet('a:1').spec.updateStrategy).toEqual({ type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1, maxSurge: 0 } });
});
