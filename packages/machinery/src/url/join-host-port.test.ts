import { expect, it } from 'vitest';
import { joinHostPort } from './join-host-port.js';

it('puts an address of IPv6 in brackets, and nothing else', () => {
  const joined = ['::1', 'fd00::1', '10.0.0.1', 'localhost', ''].map((host) => joinHostPort(host, 6443));
  expect(joined).toEqual(['[::1]:6443', '[fd00::1]:6443', '10.0.0.1:6443', 'localhost:6443', ':6443']);
});
