import { Buffer } from 'node:buffer';
import { Scope } from './compile-function.js';
import type { FieldLayout, MessageLayout } from './layout.js';
import { sortedKeys } from './sorted-keys.js';
import type { ValueCodec } from './value-codec.js';
import { writeBytes, writeDouble, writeInteger, writeString, writeVarint } from './wire.js';

/**
 * Compiles the writer of a message: backwards, so fields go from the highest number down, list items and map keys from
 * the last. Variables: o object, b bytes, p start of what is written, v value, i index, x item, z end of an item,
 * y end of a map entry, k keys.
 */
export function compileEncode(layout: MessageLayout): ValueCodec['encode'] {
  const s = new Scope();
  const fields = [...layout.fields].sort((a, b) => b.number - a.number);
  return s.compile(`function encode(o,b,p){
let v,i,x,z,y,k;
if(o===undefined||o===null)o=${s.name(nothing)};
${fields.map((field) => fieldText(field, s)).join('\n')}
return p}`);
}

/** An object that is not set is written like one without members. */
const nothing = Object.freeze({});

function writeBase64(b: Buffer, at: number, text: string): number {
  return writeBytes(b, at, Buffer.from(text, 'base64'));
}

function fieldText(field: FieldLayout, s: Scope): string {
  if (field.inline) return `${messageText(field, s, 'o')}${tagText(field.tag)}`;
  const read = `v=o[${JSON.stringify(field.name)}];`;
  if (field.cardinality === 'list') return `${read}if(v)${listText(field, s)}`;
  if (field.cardinality === 'map') return `${read}if(v)${mapText(field, s)}`;
  const set = 'v!==undefined&&v!==null';
  const write = `${valueText(field, s, 'v')}${tagText(field.tag)}`;
  // Empty bytes that JSON omits would be lost on the way through JSON anyway.
  const matters = (field.late && field.presence !== 'pointer') || (field.scalar === 'bytes' && field.presence === 'omitEmpty');
  if (!field.alwaysWritten) return `${read}if(${matters ? 'v' : set}){${write}}`;
  return field.codec ? `${read}${write}` : `${read}if(${set}){${write}}else{b[--p]=0;${tagText(field.tag)}}`;
}

function tagText(tag: number): string {
  return tag < 128 ? `b[--p]=${tag};` : `b[--p]=${tag >> 7};b[--p]=${(tag & 127) | 128};`;
}

/** Statements that write the value of expression `v`, without its tag. */
function valueText(field: FieldLayout, s: Scope, v: string): string {
  switch (field.scalar) {
    case 'string':
      return `p=${s.name(writeString)}(b,p,${v});`;
    case 'bytes':
      return `p=${s.name(writeBase64)}(b,p,${v});`;
    case 'bool':
      return `b[--p]=${v}?1:0;`;
    case 'double':
    case 'float':
      return `p=${s.name(writeDouble)}(b,p,${v});`;
    case undefined:
      return messageText(field, s, v);
    default:
      return `p=${s.name(writeInteger)}(b,p,${v});`;
  }
}

function messageText(field: FieldLayout, s: Scope, v: string): string {
  return `z=p;p=${s.name(field.codec)}.encode(${v},b,p);p=${s.name(writeVarint)}(b,p,z-p);`;
}

/** Items that are null are written as zero values. */
function listText(field: FieldLayout, s: Scope): string {
  const zero = field.codec ? '' : `if(x===undefined||x===null)x=${zeroText(field)};`;
  return `for(i=v.length-1;i>=0;i--){x=v[i];${zero}${valueText(field, s, 'x')}${tagText(field.tag)}}`;
}

function mapText(field: FieldLayout, s: Scope): string {
  const zero = field.codec ? '' : `if(x===undefined||x===null)x=${zeroText(field)};`;
  return `{k=${s.name(sortedKeys)}(v);for(i=k.length-1;i>=0;i--){x=v[k[i]];${zero}y=p;
${valueText(field, s, 'x')}b[--p]=${16 + field.valueWireType};p=${s.name(writeString)}(b,p,k[i]);b[--p]=10;p=${s.name(writeVarint)}(b,p,y-p);${tagText(field.tag)}}}`;
}

function zeroText(field: FieldLayout): string {
  if (field.scalar === 'bool') return 'false';
  return field.valueWireType === 2 ? "''" : '0';
}
