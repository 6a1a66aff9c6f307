import { Scope } from './compile-function.js';
import type { FieldLayout, MessageLayout } from './layout.js';
import { omitted } from './omitted.js';
import { setMember } from './set-member.js';
import { NotCanonical, type ValueCodec } from './value-codec.js';
import { cursor, readDouble, readInt32, readInt64, readLength, readString, readVarint, skipField, truncated } from './wire.js';

/**
 * Compiles the reader of a message: one pass over the fields, values in variables, then the object in the order of JSON.
 * Variables: b bytes, p position, e end, t tag, l length or integer, n end of the field; in map entries m end of key or
 * value, k key, x value.
 */
export function compileDecode(layout: MessageLayout): ValueCodec['decode'] {
  const s = new Scope();
  const variables = layout.fields.map(({ inline, index }) => (inline ? `s${index}=0,n${index}=0` : `v${index}`));
  return s.compile(`function decode(b,p,e,r){
let t,l,n,m,k,x${variables.map((v) => `,${v}`).join('')};
while(p<e){
${readTagText(s)}
switch(t){
${layout.fields.map((field) => fieldCases(field, s)).join('\n')}
default:p=${s.name(skipField)}(b,t,p,e)}
}
if(p!==e)throw ${s.name(truncated)}();
if(r===undefined)r={};
${layout.fields.map((field) => memberText(field, s)).join('\n')}
return r}`);
}

/** Reads a tag into t. Tags of one and two bytes, and so nearly all, need no call. */
export function readTagText(s: Scope): string {
  return `t=b[p++];if(t>127){l=b[p++];if(l>127){t=${s.name(readVarint)}(b,p-2);p=${s.name(cursor)}.at}else t=t&127|l<<7}`;
}

/** Names of the variables that bound a read: `limit` is the end of what is read from, `end` receives the end of the field. */
interface Bounds {
  readonly limit: string;
  readonly end: string;
}

const ofMessage: Bounds = { limit: 'e', end: 'n' };
const ofEntry: Bounds = { limit: 'n', end: 'm' };

/** Moves over a length: p is then where the field's bytes begin, `end` where they end. */
export function readLengthText(s: Scope, { limit, end }: Bounds = ofMessage): string {
  return (
    `l=b[p++];if(l>127){p=${s.name(readLength)}(b,p-1,${limit});${end}=${s.name(cursor)}.at}` +
    `else if((${end}=p+l)>${limit})throw ${s.name(truncated)}();`
  );
}

const integerReaders: Readonly<Record<string, unknown>> = { int32: readInt32, uint32: readVarint, int64: readInt64, bool: readVarint };

/** Reads a varint of the field's type into l. */
export function readIntegerText(field: FieldLayout, s: Scope): string {
  return `l=b[p++];if(l>127){l=${s.name(integerReaders[field.scalar ?? ''])}(b,p-1);p=${s.name(cursor)}.at}`;
}

/** Statements that read one value from behind its tag and hand it to `use`. */
function valueText(field: FieldLayout, s: Scope, use: (value: string) => string, bounds = ofMessage): string {
  const { end } = bounds;
  switch (field.scalar) {
    case 'double':
    case 'float':
      return `${use(`${s.name(readDouble)}(b,p)`)};p+=8;`;
    case 'bool':
      return `${readIntegerText(field, s)}${use('l!==0')};`;
    case 'int32':
    case 'uint32':
    case 'int64':
      return `${readIntegerText(field, s)}${use('l')};`;
    case 'string':
      return `${readLengthText(s, bounds)}${use(`${s.name(readString)}(b,p,${end})`)};p=${end};`;
    case 'bytes':
      return `${readLengthText(s, bounds)}${use(`b.toString('base64',p,${end})`)};p=${end};`;
    default:
      return `${readLengthText(s, bounds)}${use(`${s.name(field.codec)}.decode(b,p,${end}${embeddedText(field)})`)};p=${end};`;
  }
}

function embeddedText({ embeddedKind }: FieldLayout): string {
  return embeddedKind ? `,${JSON.stringify(embeddedKind)}` : '';
}

const managedFields = 'meta.v1.ManagedFieldsEntry';

function fieldCases(field: FieldLayout, s: Scope): string {
  const v = `v${field.index}`;
  const push = (value: string) => `(${v}||(${v}=[])).push(${value})`;
  const packed =
    field.cardinality === 'list' && field.wireType === 0
      ? `case ${field.number * 8 + 2}:${readLengthText(s)}while(p<n){${valueText(field, s, push)}}break;`
      : '';
  const unread = field.message !== managedFields ? '' : `if(${s.name(omitted)}.managedFields){p=${s.name(skipField)}(b,t,p,e);break}`;
  return `case ${field.tag}:${unread}${readText(field, s, v, push)}break;${packed}`;
}

function readText(field: FieldLayout, s: Scope, v: string, push: (value: string) => string): string {
  // Parts of one message in two places are one message: rare enough to be brought into order first.
  const once = (seen: string) => `if(${seen})throw new ${s.name(NotCanonical)}();`;
  if (field.inline) {
    const { index } = field;
    return `${once(`n${index}!==0`)}${readLengthText(s)}s${index}=p;n${index}=n;p=n;`;
  }
  if (field.cardinality === 'map') return mapEntryText(field, s, v);
  if (field.cardinality === 'list') return valueText(field, s, push);
  return `${field.codec ? once(`${v}!==undefined`) : ''}${valueText(field, s, (value) => `${v}=${value}`)}`;
}

function mapEntryText(field: FieldLayout, s: Scope, v: string): string {
  return `${readLengthText(s)}k='';x=undefined;while(p<n){t=b[p++];
if(t===10){${readLengthText(s, ofEntry)}k=${s.name(readString)}(b,p,m);p=m}
else if(t===${16 + field.valueWireType}){${valueText(field, s, (value) => `x=${value}`, ofEntry)}}
else p=${s.name(skipField)}(b,t,p,n)}
if(p!==n)throw ${s.name(truncated)}();${s.name(setMember)}(${v}||(${v}={}),k,x===undefined?${zeroText(field, s)}:x);`;
}

/** What a map entry without a value holds. */
function zeroText(field: FieldLayout, s: Scope): string {
  if (field.codec) return `${s.name(field.codec)}.decode(b,0,0)`;
  return field.scalar === 'bool' ? 'false' : field.valueWireType === 2 ? "''" : '0';
}

/** Puts one field into the object r. */
function memberText(field: FieldLayout, s: Scope): string {
  const v = `v${field.index}`;
  if (field.inline) return `${s.name(field.codec)}.decode(b,s${field.index},n${field.index},r);`;
  const target = `r[${JSON.stringify(field.name)}]`;
  const present = presentText(field, v);
  if (field.absentJson !== undefined) return `${target}=${present}?${v}:${field.absentJson};`;
  if (field.codec && field.cardinality === 'one' && field.presence === 'always') {
    return `${target}=${v}===undefined?${s.name(field.codec)}.decode(b,0,0):${v};`;
  }
  return `if(${present})${target}=${v};`;
}

/** Whether the value in `v` is one that JSON prints. */
function presentText(field: FieldLayout, v: string): string {
  const set = `${v}!==undefined`;
  if (field.cardinality !== 'one' || field.presence === 'always') return set;
  if (field.presence === 'omitZero') return `${set}&&${v}!==null`;
  if (field.presence !== 'omitEmpty') return set;
  if (field.scalar === 'string' || field.scalar === 'bytes') return v;
  return field.scalar === 'bool' ? `${v}===true` : `${set}&&${v}!==0`;
}
