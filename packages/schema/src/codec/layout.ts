import { type MessageField, type MessageTable, messageTable, type Presence } from '../table/message-table.js';
import { zeroJson } from './forms.js';
import { type Era, valueCodec } from './message-codec.js';
import type { ValueCodec } from './value-codec.js';

/** A field as the compilers see it. */
export interface FieldLayout extends MessageField {
  /** Position among the fields of the message: names the variables of compiled code. */
  readonly index: number;
  /** Codec of the message, of the items or of the values; absent for scalars. */
  readonly codec?: ValueCodec;
  readonly form?: string;
  /** Tag of the field on the wire, wire type included. */
  readonly tag: number;
  readonly wireType: number;
  /** Wire type of a map's values; for other fields their own. */
  readonly valueWireType: number;
  /** On the wire even when zero or empty. */
  readonly alwaysWritten: boolean;
  /** In JSON even when absent: this text. */
  readonly absentJson?: string;
  /** Elements are printed with these members in front. */
  readonly embeddedKind?: { readonly kind: string; readonly apiVersion: string };
}

export interface MessageLayout {
  readonly fullName: string;
  /** Whether objects of this type may carry apiVersion and kind. */
  readonly isKind: boolean;
  /** In the order of JSON output. */
  readonly fields: readonly FieldLayout[];
  /** Like `fields`, with the fields of inlined messages in their places; their `index` counts through. */
  readonly members: readonly FieldLayout[];
}

const laidOut = new Set<MessageTable>();

/** Whether something was compiled for the message in the current era: from then on its fields are what they are. */
export function isLaidOut(table: MessageTable): boolean {
  return laidOut.has(table);
}

/** What the compilers need to know about a message in one era. */
export function layoutOf(table: MessageTable, era: Era): MessageLayout {
  if (era === 'current') laidOut.add(table);
  return {
    fullName: table.fullName,
    isKind: table.apiVersions.length > 0,
    fields: fieldsOf(table, era).map((field, index) => fieldLayout(field, index, era)),
    members: membersOf(table, era).map((field, index) => fieldLayout(field, index, era)),
  };
}

function fieldsOf(table: MessageTable, era: Era): readonly MessageField[] {
  return era === 'gone' ? table.fields : table.fields.filter((field) => !field.removed);
}

function membersOf(table: MessageTable, era: Era): MessageField[] {
  return fieldsOf(table, era).flatMap((field) =>
    field.inline && field.message !== undefined ? membersOf(messageTable(field.message), era) : [field],
  );
}

function fieldLayout(field: MessageField, index: number, era: Era): FieldLayout {
  const form = field.message === undefined ? undefined : messageTable(field.message).form;
  // Releases before omitzero printed zero structs.
  const presence = field.presence === 'omitZero' && era === 'gone' ? 'always' : field.presence;
  const absentJson = absentText(field, presence, form);
  return {
    ...field,
    presence,
    index,
    tag: field.number * 8 + (field.cardinality === 'map' ? 2 : wireTypeOf(field)),
    wireType: field.cardinality === 'map' ? 2 : wireTypeOf(field),
    valueWireType: wireTypeOf(field),
    ...(field.message !== undefined && { codec: valueCodec(field.message, era) }),
    ...(form && { form }),
    alwaysWritten: isAlwaysWritten(field) && !(field.late && era === 'gone'),
    ...(absentJson !== undefined && { absentJson }),
    ...(field.embeddedApiVersion !== undefined && {
      embeddedKind: { kind: messageTable(field.message ?? '').name, apiVersion: field.embeddedApiVersion },
    }),
  };
}

function wireTypeOf({ scalar }: MessageField): number {
  if (scalar === 'double') return 1;
  return scalar === undefined || scalar === 'string' || scalar === 'bytes' ? 2 : 0;
}

/** Lists, maps and bytes are written when there is something to write; the presence of others decides. */
function isAlwaysWritten(field: MessageField): boolean {
  if (field.inline) return true;
  if (field.cardinality !== 'one' || field.scalar === 'bytes') return false;
  return field.presence !== 'pointer' && field.presence !== 'nullable';
}

const zeroScalar: Readonly<Record<string, string>> = { string: '""', bool: 'false', bytes: 'null' };

function absentText(field: MessageField, presence: Presence, form: string | undefined): string | undefined {
  if (field.inline) return undefined;
  if (presence === 'nullable') return 'null';
  if (presence !== 'always') return undefined;
  if (field.cardinality !== 'one') return 'null';
  if (field.scalar !== undefined) return zeroScalar[field.scalar] ?? '0';
  return form === undefined ? undefined : zeroJson[form];
}
