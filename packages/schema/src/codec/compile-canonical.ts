import { canonicalBase64 } from './base64.js';
import { Scope } from './compile-function.js';
import type { FieldLayout, MessageLayout } from './layout.js';
import { noteSentEmpty } from './sent-empty.js';
import { setMember } from './set-member.js';
import { sortedKeys } from './sorted-keys.js';
import { unknownMembers } from './unknown-members.js';
import { Mismatch, type ValueCodec } from './value-codec.js';

/**
 * Compiles the reader of JSON values: takes the known members in the order of JSON output and counts them, so that
 * objects with others are noticed without looking at names. Where the value is ill-typed it only says so: inspect.ts
 * then finds the words. Variables: j value, r result, c members seen, v member, a list or map, i index, k keys, x item.
 */
export function compileCanonical(layout: MessageLayout): ValueCodec['canonical'] {
  const s = new Scope();
  const typeMeta = layout.isKind ? 'if(j.apiVersion!==undefined){c++;text(j.apiVersion)}if(j.kind!==undefined){c++;text(j.kind)}' : '';
  return s.compile(`function canonical(j,r){
if(typeof j!=='object'||Array.isArray(j))throw new ${s.name(Mismatch)}();
if(r===undefined)r={};
if(j===null)j=${s.name(nothing)};
let c=0,v,a,i,k,x;
${typeMeta.replaceAll('text(', `${s.name(checkText)}(`)}
${layout.members.map((field) => memberText(field, s)).join('\n')}
for(k in j)c--;
if(c!==0)${s.name(unknownMembers)}.found=true;
return r}`);
}

const nothing = Object.freeze({});

function checkText(value: unknown): void {
  if (value !== null && typeof value !== 'string') throw new Mismatch();
}

function memberText(field: FieldLayout, s: Scope): string {
  const name = JSON.stringify(field.name);
  const target = `r[${name}]`;
  const absent = absentText(field, s);
  const otherwise = absent === undefined ? '' : `else ${target}=${absent};`;
  return `v=j[${name}];if(v!==undefined)c++;if(v!==undefined&&v!==null){${presentText(field, s, target, absent)}}${otherwise}`;
}

/** What stands for a member that is not set; undefined when nothing does. */
function absentText(field: FieldLayout, s: Scope): string | undefined {
  if (field.absentJson !== undefined) return field.absentJson;
  const isObject = field.codec && field.cardinality === 'one' && field.presence === 'always';
  return isObject ? `${s.name(field.codec)}.canonical(null)` : undefined;
}

function presentText(field: FieldLayout, s: Scope, target: string, absent: string | undefined): string {
  const mismatch = `throw new ${s.name(Mismatch)}();`;
  const noted = `${s.name(noteSentEmpty)}(r,${JSON.stringify(field.name)},${field.cardinality === 'list' ? '[]' : '{}'});`;
  if (field.cardinality === 'list') {
    // A list that is always printed stays as it was sent until it is stored, where empty and null are one: who sends it owns it.
    const empty = absent === undefined ? noted : `${target}=[];`;
    return `if(!Array.isArray(v))${mismatch}if(v.length===0){${empty}}else{a=new Array(v.length);
for(i=0;i<a.length;i++){x=v[i];${valueText(field, s, 'x', true)}a[i]=x}${target}=a}`;
  }
  if (field.cardinality === 'map') {
    const empty = `else{${noted}${absent === undefined ? '' : `${target}=${absent};`}}`;
    return `if(typeof v!=='object'||Array.isArray(v))${mismatch}k=${s.name(sortedKeys)}(v);if(k.length>0){a={};
for(i=0;i<k.length;i++){x=v[k[i]];${valueText(field, s, 'x', true)}${s.name(setMember)}(a,k[i],x)}${target}=a}${empty}`;
  }
  return `${valueText(field, s, 'v', false)}${keepText(field, target)}`;
}

/** Keeps the value unless JSON omits it. */
function keepText(field: FieldLayout, target: string): string {
  if (field.presence === 'omitZero') return `if(v!==null)${target}=v;`;
  if (field.presence !== 'omitEmpty') return `${target}=v;`;
  return `if(v)${target}=v;`;
}

/** Checks the value in variable `v` and brings it into canonical form. Null items of lists and maps are zero values. */
function valueText(field: FieldLayout, s: Scope, v: string, nullable: boolean): string {
  const mismatch = `throw new ${s.name(Mismatch)}();`;
  const orNull = (check: string, zero: string) => (nullable ? `if(${v}===null)${v}=${zero};else ${check}` : check);
  switch (field.scalar) {
    case 'string':
      return orNull(`if(typeof ${v}!=='string')${mismatch}`, "''");
    case 'bool':
      return orNull(`if(typeof ${v}!=='boolean')${mismatch}`, 'false');
    case 'int32':
      return orNull(`{if(typeof ${v}!=='number'||(${v}|0)!==${v})${mismatch}${v}=${v}|0;}`, '0');
    case 'int64':
    case 'uint32':
      return orNull(`${v}=${s.name(toInt64)}(${v});`, '0');
    case 'double':
    case 'float':
      return orNull(`${v}=${s.name(toDouble)}(${v});`, '0');
    case 'bytes':
      return orNull(`${v}=${s.name(canonicalBase64)}(${v});`, "''");
    default: {
      const kind = field.embeddedKind ? `,${JSON.stringify(field.embeddedKind)}` : '';
      return `${v}=${s.name(field.codec)}.canonical(${v}${kind});`;
    }
  }
}

function toInt64(value: unknown): number | bigint {
  if (typeof value === 'bigint' && BigInt.asIntN(64, value) === value) return value;
  if (typeof value !== 'number' || !Number.isInteger(value) || value >= 2 ** 63 || value < -(2 ** 63)) throw new Mismatch();
  return value + 0;
}

function toDouble(value: unknown): number {
  if (typeof value === 'bigint') return Number(value);
  if (typeof value !== 'number') throw new Mismatch();
  return value;
}
