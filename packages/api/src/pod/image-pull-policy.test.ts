import { describe, expect, it } from 'vitest';
import { defaultImagePullPolicy } from './image-pull-policy.js';

const sha = `sha256:${'0123456789abcdef'.repeat(4)}`;

describe('defaultImagePullPolicy', () => {
  it.each([
    'nginx',
    'nginx:latest',
    'library/nginx',
    'registry.example.com:5000/team/app',
    'localhost/app',
    'localhost:5000/app:latest',
    `nginx:latest@${sha}`,
    '[fd00::1]:5000/app',
    'Registry/app',
  ])('pulls %s always', (image) => {
    expect(defaultImagePullPolicy(image)).toBe('Always');
  });

  it.each([
    'nginx:1.29',
    `nginx@${sha}`,
    `nginx:1.29@${sha}`,
    'registry.example.com:5000/team/app:v1',
    'Nginx',
    'nginx:',
    'not an image',
    'a'.repeat(64),
    'a'.repeat(256),
    `${'x'.repeat(2000)}`,
    '',
  ])('keeps %j once it is there', (image) => {
    expect(defaultImagePullPolicy(image)).toBe('IfNotPresent');
  });

  it('keeps an image that nobody names', () => {
    expect(defaultImagePullPolicy(undefined)).toBe('IfNotPresent');
  });
});
