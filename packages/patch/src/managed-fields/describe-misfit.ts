import type { Json, JsonObject } from '@keelson/machinery';
import { formatPlain, formatTyped, typeName } from '../go-format.js';
import { isJsonObject } from '../json/own-property.js';
import { ListItemError, listElement } from './list-element.js';
import { anyType, type ListType, type MergeType, type ScalarType, type StructType } from './merge-type.js';
import { fieldElement, formatElement, type PathElement } from './path-element.js';

/**
 * Checks that an applied object fits its schema: every field is declared and has its type, and list items can be told
 * apart. Returns what is wrong, in the words of Kubernetes; '' when nothing is.
 */
export function describeMisfit(applied: JsonObject, type: StructType): string {
  const texts: string[] = [];
  check(applied, type, '', texts);
  if (texts.length <= 1) return texts[0] ?? '';
  return ['errors:', ...texts.map((text) => `  ${text}`)].join('\n');
}

function check(value: Json, type: MergeType, path: string, problems: string[]): void {
  if (value === null || type.form === 'any' || type.form === 'opaque') return;
  if (type.form === 'scalar') {
    checkScalar(value, type, path, problems);
  } else if (type.form === 'list') {
    if (Array.isArray(value)) checkItems(value, type, path, problems);
    else report(problems, path, `expected list, got ${shown(value)}`);
  } else if (isJsonObject(value)) {
    checkMembers(value, type.form === 'map' ? () => type.values : (name) => memberType(type, name), path, problems);
  } else {
    report(problems, path, `expected map, got ${shown(value)}`);
  }
}

function checkScalar(value: Json, { scalar }: ScalarType, path: string, problems: string[]): void {
  switch (scalar) {
    case 'string':
      if (typeof value !== 'string') report(problems, path, `expected string, got &value.valueUnstructured{Value:${formatTyped(value)}}`);
      return;
    case 'numeric':
      if (typeof value !== 'number' && typeof value !== 'bigint')
        report(problems, path, `expected numeric (int or float), got ${typeName(value)}`);
      return;
    case 'boolean':
      if (typeof value !== 'boolean') report(problems, path, `expected boolean, got ${shown(value)}`);
      return;
    case 'untyped':
      if (typeof value === 'object') report(problems, path, `expected any scalar, got ${shown(value)}`);
  }
}

export function memberType(type: StructType, name: string): MergeType | undefined {
  return type.field(name)?.type ?? (type.open ? anyType : undefined);
}

function checkMembers(object: JsonObject, typeOf: (name: string) => MergeType | undefined, path: string, problems: string[]): void {
  for (const [name, value] of Object.entries(object)) {
    const member = path + formatElement(fieldElement(name));
    const type = typeOf(name);
    if (!type) {
      report(problems, member, 'field not declared in schema');
      return;
    }
    check(value, type, member, problems);
  }
}

function checkItems(list: readonly Json[], type: ListType, path: string, problems: string[]): void {
  const seen = new Set<PathElement>();
  for (const [position, item] of list.entries()) {
    const element = type.relation === 'atomic' ? `i:${position}` : elementOrProblem(item, position, type, path, problems);
    if (element === undefined) return;
    if (seen.has(element)) report(problems, path, `duplicate entries for key ${formatElement(element)}`);
    seen.add(element);
    check(item, type.items, path + formatElement(element), problems);
  }
}

function elementOrProblem(item: Json, position: number, type: ListType, path: string, problems: string[]): PathElement | undefined {
  try {
    return listElement(item, type);
  } catch (error) {
    if (!(error instanceof ListItemError)) throw error;
    report(problems, path, `element ${position}: ${error.message}`);
    return undefined;
  }
}

function report(problems: string[], path: string, message: string): void {
  problems.push(path === '' ? message : `${path}: ${message}`);
}

function shown(value: Json): string {
  return `&{${formatPlain(value)}}`;
}
