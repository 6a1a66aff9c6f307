import { core } from '@keelson/schema';
import { expect, it } from 'vitest';
import { adoptAppArmorAnnotations } from './app-armor-annotations.js';

const key = 'container.apparmor.security.beta.kubernetes.io/c';

function adopted(annotation: string, spec: object = {}): { readonly profile: unknown; readonly warned: readonly string[] } {
  const containers = [{ name: 'c', image: 'i' }];
  const metadata = { name: 'a', annotations: { [key]: annotation } };
  const pod = core.v1.Pod.codec.fromJson({ metadata, spec: { containers, ...spec } } as never);
  const warned: string[] = [];
  adoptAppArmorAnnotations(pod, (one) => void warned.push(one));
  return { profile: pod.spec.containers?.[0]?.securityContext?.appArmorProfile, warned };
}

it.each([
  ['unconfined', { type: 'Unconfined' }],
  ['runtime/default', { type: 'RuntimeDefault' }],
  ['localhost/x', { type: 'Localhost', localhostProfile: 'x' }],
])('makes a field of %s', (annotation, profile) => {
  expect(adopted(annotation)).toEqual({ profile, warned: [key] });
});

it.each(['localhost/', 'localhost/ x', '', 'nonsense'])('only warns of %j', (annotation) => {
  expect(adopted(annotation)).toEqual({ profile: undefined, warned: [key] });
});

it('leaves a pod as it is whose profile says the same, or that knows none', () => {
  const nothing = { profile: undefined, warned: [] };
  expect(adopted('unconfined', { securityContext: { appArmorProfile: { type: 'Unconfined' } } })).toEqual(nothing);
  expect(adopted('unconfined', { os: { name: 'windows' } })).toEqual(nothing);
});
