import { formatJson, type Json, type JsonObject, TimeSlice } from '@keelson/machinery';
import { jsonToYaml } from '@keelson/schema';
import { BackwardWriter } from './backward-writer.js';
import type { ChoiceForm, FieldForm, MessageForms, ObjectForm } from './message.js';

/** Encodes an OpenAPI document as gnostic's Document, without holding the loop for long. */
export async function encodeGnostic(forms: MessageForms, document: JsonObject): Promise<Buffer> {
  const slice = new TimeSlice();
  const pieces: Buffer[] = [];
  for (const piece of piecesOf(document)) {
    pieces.push(encodeMessage(forms, 'Document', piece));
    if (slice.spent()) await slice.next();
  }
  return Buffer.concat(pieces);
}

/**
 * A document as many, each with one path or definition: readers of protobuf merge messages that occur more than once, so
 * that their encodings are that of the whole when put together.
 */
function* piecesOf(document: JsonObject): Generator<JsonObject> {
  for (const [name, member] of Object.entries(document)) {
    const large = name === 'paths' || name === 'definitions' || name === 'components' || name === 'schemas';
    if (!large) yield { [name]: member };
    else if (name === 'components') for (const piece of piecesOf(member as JsonObject)) yield { [name]: piece };
    else for (const [key, entry] of Object.entries(member as JsonObject)) yield { [name]: { [key]: entry } };
  }
}

/** A value of the document as the message of that name. */
export function encodeMessage(forms: MessageForms, message: string, value: Json): Buffer {
  const writer = new BackwardWriter();
  writeMessage(writer, forms, message, value);
  return writer.finish();
}

function writeMessage(writer: BackwardWriter, forms: MessageForms, message: string, value: Json): void {
  const form = formOf(forms, message);
  if ('choose' in form) {
    const chosen = form.choose(value);
    if (chosen !== undefined) writeField(writer, forms, chosen, value, true);
    return;
  }
  for (const [name, member] of Object.entries(value as JsonObject).reverse()) writeMember(writer, forms, form, name, member);
}

function writeMember(writer: BackwardWriter, forms: MessageForms, form: ObjectForm, name: string, value: Json): void {
  const field = form.fields?.[name];
  if (field !== undefined) writeField(writer, forms, field, value, false);
  else if (name.startsWith('x-') && form.extensions !== undefined) writeEntry(writer, forms, [form.extensions, 'yaml'], name, value);
  else if (form.named !== undefined) writeEntry(writer, forms, form.named, name, value);
}

/** A member that the document names itself. */
function writeEntry(writer: BackwardWriter, forms: MessageForms, [number, type]: FieldForm, name: string, value: Json): void {
  const before = writer.written;
  writeField(writer, forms, [2, type], value, true);
  writer.string(1, name);
  writer.message(number, before);
}

/** `explicit`: zero values are written, too. */
function writeField(writer: BackwardWriter, forms: MessageForms, [number, type]: FieldForm, value: Json, explicit: boolean): void {
  if (type.startsWith('[]')) {
    for (const item of [...(value as Json[])].reverse()) writeField(writer, forms, [number, type.slice(2)], item, true);
    return;
  }
  const writeScalar = scalars[type];
  if (writeScalar !== undefined) {
    if (explicit || (value !== '' && value !== false && value !== 0)) writeScalar(writer, number, value);
    return;
  }
  const form = formOf(forms, type);
  if ('choose' in form && form.choose(value) === undefined) return;
  const before = writer.written;
  writeMessage(writer, forms, type, value);
  writer.message(number, before);
}

function formOf(forms: MessageForms, message: string): ObjectForm | ChoiceForm {
  const form = forms[message];
  if (form === undefined) throw new Error(`no form of OpenAPI message ${message}`);
  return form;
}

type ScalarWriter = (writer: BackwardWriter, number: number, value: Json) => void;

const scalars: Readonly<Record<string, ScalarWriter>> = {
  string: (writer, number, value) => writer.string(number, String(value)),
  bool: (writer, number, value) => writer.varint(number, value === true ? 1 : 0),
  int: (writer, number, value) => writer.varint(number, Number(value)),
  double: (writer, number, value) => writer.double(number, Number(value)),
  // Any value of the document as YAML text.
  yaml: (writer, number, value) => {
    const before = writer.written;
    writer.string(2, jsonToYaml(formatJson(value)));
    writer.message(number, before);
  },
};
