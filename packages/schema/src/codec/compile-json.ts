import { readIntegerText, readLengthText, readTagText } from './compile-decode.js';
import { Scope } from './compile-function.js';
import { putAscii, putBase64, putBool, putNumber, putString } from './json-out.js';
import type { FieldLayout, MessageLayout } from './layout.js';
import { stamp } from './stamp.js';
import { NotCanonical, type ValueCodec } from './value-codec.js';
import { cursor, readDouble, readVarint, skipField, truncated } from './wire.js';

/**
 * Compiles the printer of a message: one pass over the tags finds where each field is, then the members are written in
 * the order of JSON, straight from bytes to bytes. Each member is written behind a comma.
 * Variables: b bytes, p position, e end, o output, q position in it, t tag, w tag before, l length or integer, n end of a
 * field, a<i> where field i begins (0: absent), f end of a list's run of items, g start of a map entry's value.
 */
export function compileJson(layout: MessageLayout): ValueCodec['members'] {
  const s = new Scope();
  const variables = layout.fields.map(({ index }) => `,a${index}=0`).join('');
  return s.compile(`function members(b,p,e,o,q){
let t,l,n,w=0,f,g,m${variables};
while(p<e){
${readTagText(s)}
switch(t){
${layout.fields.map((field) => positionText(field, s)).join('\n')}
default:p=${s.name(skipField)}(b,t,p,e)}
w=t}
if(p!==e)throw ${s.name(truncated)}();
${layout.fields.map((field) => memberText(layout, field, s)).join('\n')}
return q}`);
}

/** Remembers where a field begins and moves over it. */
function positionText(field: FieldLayout, s: Scope): string {
  const a = `a${field.index}`;
  const scattered = `throw new ${s.name(NotCanonical)}();`;
  const remember =
    field.cardinality !== 'one'
      ? `if(${a}===0)${a}=p;else if(w!==t)${scattered}`
      : field.codec || field.inline
        ? `if(${a}!==0)${scattered}${a}=p;`
        : `${a}=p;`;
  const packed = field.cardinality === 'list' && field.wireType === 0 ? `case ${field.number * 8 + 2}:${scattered}` : '';
  return `case ${field.tag}:${remember}${skipText(field, s)}break;${packed}`;
}

function skipText(field: FieldLayout, s: Scope): string {
  if (field.wireType === 2) return `${readLengthText(s)}p=n;`;
  return field.wireType === 1 ? 'p+=8;' : 'while(b[p++]>127);';
}

/** Writes text that is the same for all objects, byte by byte: faster than any call for these lengths. */
function constantText(text: string): string {
  const bytes = Buffer.from(text);
  return `${[...bytes].map((byte, i) => `o[q${i === 0 ? '' : `+${i}`}]=${byte};`).join('')}q+=${bytes.length};`;
}

function memberText(layout: MessageLayout, field: FieldLayout, s: Scope): string {
  const a = `a${field.index}`;
  if (field.inline) return `if(${a}!==0){p=${a};${readLengthText(s)}q=${s.name(field.codec)}.members(b,p,n,o,q)}`;
  const name = constantText(`,${JSON.stringify(field.name)}:`);
  const absent = field.absentJson === undefined ? absentObject(field, s) : constantText(field.absentJson);
  const otherwise = absent === undefined ? '' : `else{${name}${absent}}`;
  const text = `if(${a}!==0){p=${a};${presentText(field, s, name)}}${otherwise}`;
  return isObjectVersion(layout, field) ? stampedText(text, name, s) : text;
}

/** An object that is always printed and not on the wire prints what its absent members print. */
function absentObject(field: FieldLayout, s: Scope): string | undefined {
  if (!field.codec || field.cardinality !== 'one' || field.presence !== 'always') return undefined;
  return `q=${s.name(field.codec)}.json(b,0,0,o,q);`;
}

/** metadata.resourceVersion, which a caller may replace while printing. */
function isObjectVersion(layout: MessageLayout, field: FieldLayout): boolean {
  return (layout.fullName === 'meta.v1.ObjectMeta' || layout.fullName === 'meta.v1.ListMeta') && field.name === 'resourceVersion';
}

function stampedText(text: string, name: string, s: Scope): string {
  const pending = `${s.name(stamp)}.pending`;
  return `if(${pending}!==undefined){${name}q=${s.name(putAscii)}(o,q,'"'+${pending}+'"');${pending}=undefined}else{${text}}`;
}

function presentText(field: FieldLayout, s: Scope, name: string): string {
  if (field.cardinality === 'list') return listText(field, s, name);
  if (field.cardinality === 'map') return mapText(field, s, name);
  const omits = field.presence === 'omitEmpty';
  const value = valueText(field, s);
  switch (field.scalar) {
    case 'string':
    case 'bytes':
      return `${readLengthText(s)}${omits ? `if(p<n){${name}${value}}` : `${name}${value}`}`;
    case 'double':
    case 'float':
      return `l=${s.name(readDouble)}(b,p);${omits ? `if(l!==0){${name}${value}}` : `${name}${value}`}`;
    case undefined:
      // The zero value of forms is their empty message.
      return `${readLengthText(s)}${field.presence === 'omitZero' ? `if(p<n){${name}${value}}` : `${name}${value}`}`;
    default:
      return `${readIntegerText(field, s)}${omits ? `if(l!==0){${name}${value}}` : `${name}${value}`}`;
  }
}

/** Statements that print one value: of bytes from p to n, of numbers in l. */
function valueText(field: FieldLayout, s: Scope, end = 'n'): string {
  switch (field.scalar) {
    case 'string':
      return `q=${s.name(putString)}(b,p,${end},o,q);`;
    case 'bytes':
      return `q=${s.name(putBase64)}(b,p,${end},o,q);`;
    case 'bool':
      return `q=${s.name(putBool)}(o,q,l!==0);`;
    case undefined:
      return field.embeddedKind ? embeddedText(field, s, end) : `q=${s.name(field.codec)}.json(b,p,${end},o,q);`;
    default:
      return `q=${s.name(putNumber)}(o,q,l);`;
  }
}

function embeddedText(field: FieldLayout, s: Scope, end: string): string {
  const kind = JSON.stringify(field.embeddedKind).slice(0, -1);
  return `${constantText(kind)}q=${s.name(field.codec)}.members(b,p,${end},o,q);${constantText('}')}`;
}

/** Reads one list item or map value from behind its tag into p and n, or l. */
function readValueText(field: FieldLayout, s: Scope): string {
  if (field.valueWireType === 2) return readLengthText(s);
  return field.valueWireType === 1 ? `l=${s.name(readDouble)}(b,p);p+=8;` : readIntegerText(field, s);
}

function listText(field: FieldLayout, s: Scope, name: string): string {
  const next = field.valueWireType === 2 ? 'p=n;' : '';
  return `${name}${constantText('[')}for(;;){${readValueText(field, s)}${valueText(field, s)}${next}
if(!(p<e&&${sameTagText(field.tag)}))break;p+=${field.tag < 128 ? 1 : 2};${constantText(',')}}${constantText(']')}`;
}

function sameTagText(tag: number): string {
  return tag < 128 ? `b[p]===${tag}` : `b[p]===${(tag & 127) | 128}&&b[p+1]===${tag >> 7}`;
}

function mapText(field: FieldLayout, s: Scope, name: string): string {
  return `${name}${constantText('{')}for(;;){${readLengthText(s)}f=n;${entryText(field, s)}p=f;
if(!(p<e&&${sameTagText(field.tag)}))break;p+=${field.tag < 128 ? 1 : 2};${constantText(',')}}${constantText('}')}`;
}

/** An entry from p to f: key and value may come in any order, or not at all. */
function entryText(field: FieldLayout, s: Scope): string {
  const valueTag = 16 + field.valueWireType;
  return `t=0;w=0;g=0;m=0;while(p<f){l=b[p++];
if(l===10){${boundedLength(s)}t=p;w=n;p=n}else if(l===${valueTag}){g=p;${field.valueWireType === 2 ? `${boundedLength(s)}p=n;` : `${s.name(readVarint)}(b,p);p=${s.name(cursor)}.at;`}}
else p=${s.name(skipField)}(b,l,p,f)}
if(p!==f)throw ${s.name(truncated)}();
q=${s.name(putString)}(b,t,w,o,q);${constantText(':')}
if(g!==0){p=g;${field.valueWireType === 2 ? boundedLength(s) : readIntegerText(field, s)}}else{p=n=l=0}
${valueText(field, s)}`;
}

function boundedLength(s: Scope): string {
  return readLengthText(s, { limit: 'f', end: 'n' });
}
