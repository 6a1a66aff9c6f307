import { expect, it } from 'vitest';
import { path } from './path.js';

it('prints like upstream', () => {
  expect(String(path('spec'))).toBe('spec');
  expect(String(path('spec', 'template', 'spec'))).toBe('spec.template.spec');
  expect(String(path('spec').child('containers').index(0).child('ports').key('http'))).toBe('spec.containers[0].ports[http]');
  expect(String(path('metadata').child('labels').key('foo.bar'))).toBe('metadata.labels[foo.bar]');
  expect(String(path('webhooks').index(0).child('clientConfig', 'service'))).toBe('webhooks[0].clientConfig.service');
});

it('is immutable', () => {
  const containers = path('spec', 'containers');
  containers.index(0).child('name');
  expect(String(containers.index(1))).toBe('spec.containers[1]');
  expect(String(containers)).toBe('spec.containers');
});
