import { expect, it } from 'vitest';
import { pemBlocks } from './pem-blocks.js';

it('finds the blocks of a file, and nothing else', () => {
  const [key, certificate] = ['KEY', 'CERTIFICATE'].map((label) => `-----BEGIN ${label}-----\nAAAA\n-----END ${label}-----`);
  expect(pemBlocks(`# a comment\n${key}\n\n${certificate}\n-----BEGIN KEY-----\nAAAA\n-----END OTHER-----\n`)).toEqual([
    { label: 'KEY', text: key },
    { label: 'CERTIFICATE', text: certificate },
  ]);
  expect(pemBlocks('')).toEqual([]);
});
