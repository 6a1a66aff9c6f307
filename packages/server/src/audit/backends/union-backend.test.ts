import { expect, it } from 'vitest';
import { sampleEvent } from '../testing/sample-event.js';
import type { AuditBackend } from './audit-backend.js';
import { UnionBackend } from './union-backend.js';

const answering = (answer: boolean | Promise<boolean>): AuditBackend => ({ process: () => answer, close: async () => undefined });

it.each<[(boolean | Promise<boolean>)[], boolean | Promise<boolean>]>([
  [[true, true], true],
  [[true, false], false],
  [[false, Promise.resolve(true)], Promise.resolve(false)],
  [[true, Promise.resolve(true)], Promise.resolve(true)],
])('%j', async (answers, expected) => {
  const stored = new UnionBackend(answers.map(answering)).process(sampleEvent());
  expect(stored instanceof Promise).toBe(expected instanceof Promise);
  expect(await stored).toBe(await expected);
});
