import { randomUUID } from 'node:crypto';

/** A metadata.uid: unique in time and space, so that an object created again under its old name is told apart. */
export function newUid(): string {
  return randomUUID();
}
