import type { Json } from '@keelson/machinery';
import { describe, expect, it } from 'vitest';
import { listElement } from './list-element.js';
import type { ListType } from './merge-type.js';

const list = (relation: ListType['relation'], keys: ListType['keys'] = []): ListType => ({
  form: 'list',
  relation,
  keys,
  items: { form: 'any' },
});
const ports = list('map', [{ name: 'port' }, { name: 'protocol', default: 'TCP' }]);
const conditions = list('map', [{ name: 'type' }]);

describe('an item of a list', () => {
  it.each<[ListType, Json, string]>([
    [ports, { port: 80, protocol: 'UDP', name: 'a' }, 'k:{"port":80,"protocol":"UDP"}'],
    [ports, { port: 80 }, 'k:{"port":80,"protocol":"TCP"}'],
    [ports, { port: 80, protocol: null }, 'k:{"port":80,"protocol":null}'],
    [ports, {}, 'k:{"protocol":"TCP"}'],
    [conditions, { type: null }, 'k:{"type":null}'],
    [conditions, { type: '' }, 'k:{"type":""}'],
    [list('set'), 'a', 'v:"a"'],
  ])('of %j: %j is told apart by %s', (type, item, element) => {
    expect(listElement(item, type)).toBe(element);
  });

  it.each<[ListType, Json, string]>([
    [
      conditions,
      { status: 'True' },
      'associative list with keys has an element that omits all key fields ["type"] (and doesn\'t have default values for any key fields)',
    ],
    [conditions, null, 'associative list with keys may not have a null element'],
    [conditions, 'a', 'associative list with keys may not have non-map elements'],
    [list('set'), null, "associative list without keys has an element that's an explicit null"],
    [list('set'), ['a'], 'not supported: associative list with lists as elements'],
    [list('set'), { a: 1 }, "associative list without keys has an element that's a map type"],
  ])('of %j: %j cannot be told apart', (type, item, problem) => {
    expect(() => listElement(item, type)).toThrow(problem);
  });
});
