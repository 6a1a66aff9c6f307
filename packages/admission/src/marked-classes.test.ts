import type { KubeObject } from '@keelson/machinery';
import { expect, it } from 'vitest';
import { MarkedClasses } from './marked-classes.js';

function made(name: string, second: number, mark = 'default'): KubeObject {
  return { metadata: { name, creationTimestamp: `2025-01-01T00:00:0${second}Z`, annotations: { [mark]: 'true' } } };
}

it('is the newest of those that are marked, by name among those of one second', () => {
  const classes = new MarkedClasses('default', 'beta');
  expect(classes.newest).toBeUndefined();
  for (const one of [made('old', 1), made('z', 3, 'beta'), made('b', 3), made('other', 9, 'mine')]) classes.set(one);
  expect(classes.newest).toBe('b');
  classes.delete(made('b', 3));
  expect(classes.newest).toBe('z');
  classes.set({ metadata: { name: 'z', annotations: { beta: 'false', default: '' } } });
  expect(classes.newest).toBe('old');
});
