import type { KubeObject } from '@keelson/machinery';
import type { networking } from '@keelson/schema';
import { describe, expect, it } from 'vitest';
import { attributes, target } from '../testing/attributes.js';
import { hostOf } from '../testing/host.js';
import { DefaultIngressClass } from './default-ingress-class.js';

type Ingress = networking.v1.Ingress;

function ingressClass(name: string, second: number, value = 'true'): KubeObject {
  const annotations = { 'ingressclass.kubernetes.io/is-default-class': value };
  return { metadata: { name, creationTimestamp: `2025-01-01T00:00:0${second}Z`, annotations } };
}

const plugin = new DefaultIngressClass(
  hostOf({ ingressclasses: [ingressClass('old', 1), ingressClass('new', 2), ingressClass('no', 3, 'false')] }).objects,
);

function classOf(ingress: Partial<Ingress> = {}, group = 'networking.k8s.io', subresource = ''): string | undefined {
  const object = { metadata: { name: 'i' }, spec: {}, status: {}, ...ingress } as Ingress;
  plugin.admit(attributes(target(group, 'Ingress', 'ingresses'), 'CREATE', object, { subresource }));
  return object.spec.ingressClassName;
}

describe('DefaultIngressClass', () => {
  it('gives ingresses that name no class the newest default', () => {
    expect(classOf()).toBe('new');
  });

  it('leaves those that name one, in whatever way', () => {
    expect(classOf({ spec: { ingressClassName: 'mine' } })).toBe('mine');
    expect(classOf({ metadata: { name: 'i', annotations: { 'kubernetes.io/ingress.class': '' } } })).toBeUndefined();
  });

  it('has nothing to do with subresources, updates and other groups', () => {
    expect([classOf({}, 'example.com'), classOf({}, 'networking.k8s.io', 'status')]).toEqual([undefined, undefined]);
    expect([plugin.handles('CREATE'), plugin.handles('UPDATE')]).toEqual([true, false]);
  });
});
