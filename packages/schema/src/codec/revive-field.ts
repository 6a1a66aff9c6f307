import { type MessageField, messageTable } from '../table/message-table.js';
import { isLaidOut } from './layout.js';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/**
 * Has a field that v1.34 no longer has, such as `initializers` of `meta.v1.ObjectMeta`, in today's kinds again, for as
 * long as the process lives. Before the message is read or written for the first time.
 */
export function reviveField(message: string, name: string): void {
  const table = messageTable(message);
  const field = table.fields.find((one) => one.name === name) as Mutable<MessageField> | undefined;
  if (field === undefined) throw new Error(`${message} has never had a field ${name}`);
  if (!field.removed) return;
  if (isLaidOut(table)) throw new Error(`${message} is in use without ${name}`);
  field.removed = false;
}
