import type { Buffer } from 'node:buffer';
import { cursor, readInt64, readLength, readString, readVarint, skipField } from '../codec/wire.js';
import type { KindSchema } from '../kind.js';
import { messageNameOf } from '../kinds/built-in-kind.js';
import type { ScalarKind } from '../schema.js';
import { type MessageField, type MessageTable, messageTable } from '../table/message-table.js';

/** What to do with the fields of one message, by tag: go into a sub-message, or keep a value under its path. */
type Plan = Map<number, { readonly plan: Plan } | { readonly path: string; readonly scalar: ScalarKind }>;

/**
 * Compiles a reader of a few scalar fields, given by path (`spec.nodeName`), straight from message bytes. Values are
 * texts as field selectors compare them: `true`, `3`; fields that are not set have their zero value: '', `false`, `0`.
 */
export function fieldReader<P extends string>(kind: KindSchema<object>, paths: readonly P[]): (message: Buffer) => Record<P, string> {
  const plan: Plan = new Map();
  const zero: Record<string, string> = {};
  for (const path of paths) zero[path] = addPath(plan, messageTable(messageNameOf(kind)), path, path.split('.'));
  return (message) => {
    const values: Record<string, string> = { ...zero };
    readInto(values, plan, message, 0, message.length);
    return values as Record<P, string>;
  };
}

/** Enters a path into the plan; gives the text of the field's zero value. */
function addPath(plan: Plan, table: MessageTable, path: string, [first = '', ...rest]: readonly string[]): string {
  const steps = stepsTo(table, first);
  const field = steps.at(-1);
  if (!field) throw new Error(`${table.fullName} has no field ${first} (${path})`);
  let inner = plan;
  for (const step of steps.slice(0, -1)) inner = subPlan(inner, step);
  if (rest.length > 0) return addPath(subPlan(inner, field), messageTable(field.message ?? ''), path, rest);
  if (field.scalar === undefined || field.cardinality !== 'one') throw new Error(`${path} of ${table.fullName} is not a scalar`);
  inner.set(field.number * 8 + (field.scalar === 'string' ? 2 : 0), { path, scalar: field.scalar });
  return field.scalar === 'string' ? '' : field.scalar === 'bool' ? 'false' : '0';
}

function subPlan(plan: Plan, field: MessageField): Plan {
  const known = plan.get(field.number * 8 + 2);
  if (known && 'plan' in known) return known.plan;
  const inner: Plan = new Map();
  plan.set(field.number * 8 + 2, { plan: inner });
  return inner;
}

/** The field of a JSON name, behind the inlined messages it sits in. */
function stepsTo(table: MessageTable, name: string): MessageField[] {
  for (const field of table.fields) {
    if (!field.inline) {
      if (field.name === name) return [field];
      continue;
    }
    const inner = stepsTo(messageTable(field.message ?? ''), name);
    if (inner.length > 0) return [field, ...inner];
  }
  return [];
}

function readInto(values: Record<string, string>, plan: Plan, b: Buffer, at: number, end: number): void {
  for (let p = at; p < end; ) {
    const tag = readVarint(b, p);
    const step = plan.get(tag);
    if (step === undefined) {
      p = skipField(b, tag, cursor.at, end);
    } else if ((tag & 7) === 2) {
      const from = readLength(b, cursor.at, end);
      p = cursor.at;
      if ('plan' in step) readInto(values, step.plan, b, from, p);
      else values[step.path] = readString(b, from, p);
    } else {
      const value = readInt64(b, cursor.at);
      p = cursor.at;
      if ('path' in step) values[step.path] = step.scalar === 'bool' ? String(value !== 0) : String(value);
    }
  }
}
