import { expect, it } from 'vitest';
import { escapePath } from './escape-path.js';

it.each([
  ['/apis/a/v1/b', '/apis/a/v1/b'],
  ['/a b/ü', '/a%20b/%C3%BC'],
  ['/a?b#c', '/a%3Fb%23c'],
  ['/a%2Fb', '/a%252Fb'],
  ['/a:b@c,d;e=f+g&h$i', '/a:b@c,d;e=f+g&h$i'],
  ['/\r\nx', '/%0D%0Ax'],
])('%j is sent as %s', (path, expected) => {
  expect(escapePath(path)).toBe(expected);
});
