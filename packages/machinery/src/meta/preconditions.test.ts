import { expect, it } from 'vitest';
import { failedDeletePrecondition, failedPrecondition } from './preconditions.js';

const metadata = { uid: 'u', resourceVersion: '7' };

it('holds when nothing is asked or all is as wanted', () => {
  expect(failedPrecondition({}, metadata)).toBeUndefined();
  expect(failedPrecondition({ uid: 'u', resourceVersion: '7' }, metadata)).toBeUndefined();
  expect(failedDeletePrecondition({ uid: 'u', resourceVersion: '7' }, metadata)).toBeUndefined();
});

it('says what fails a write', () => {
  expect(failedPrecondition({ uid: 'x' }, metadata)).toBe('Precondition failed: UID in precondition: x, UID in object meta: u');
  expect(failedPrecondition({ resourceVersion: '1' }, metadata)).toBe(
    'Precondition failed: ResourceVersion in precondition: 1, ResourceVersion in object meta: 7',
  );
});

it('says what fails a deletion', () => {
  expect(failedDeletePrecondition({ uid: 'x' }, metadata)).toBe(
    'the UID in the precondition (x) does not match the UID in record (u). The object might have been deleted and then recreated',
  );
  expect(failedDeletePrecondition({ resourceVersion: '1' }, metadata)).toBe(
    'the ResourceVersion in the precondition (1) does not match the ResourceVersion in record (7). The object might have been modified',
  );
});
