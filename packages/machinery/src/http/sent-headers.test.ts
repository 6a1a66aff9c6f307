import { expect, it } from 'vitest';
import { sentHeaders } from './sent-headers.js';

it('tells each header as it was sent', () => {
  const rawHeaders = ['X-Remote-Group', 'a, b', 'Accept', '*/*', 'x-remote-group', Buffer.from('Bücher').toString('latin1'), 'Empty', ''];
  expect([...sentHeaders({ rawHeaders })]).toEqual([
    ['x-remote-group', 'a, b'],
    ['accept', '*/*'],
    ['x-remote-group', 'Bücher'],
    ['empty', ''],
  ]);
});
