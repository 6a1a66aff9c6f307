import { expect, it } from 'vitest';
import { splitSchemeNamePort } from './scheme-name-port.js';

it.each([
  ['web', { scheme: '', name: 'web', port: '' }],
  ['web:80', { scheme: '', name: 'web', port: '80' }],
  ['web:', { scheme: '', name: 'web', port: '' }],
  ['https:web:metrics', { scheme: 'https', name: 'web', port: 'metrics' }],
  [':web:80', { scheme: '', name: 'web', port: '80' }],
  ['', undefined],
  [':80', undefined],
  ['ftp:web:21', undefined],
  ['http:web:80:x', undefined],
])('%j', (id, parts) => {
  expect(splitSchemeNamePort(id)).toEqual(parts);
});
