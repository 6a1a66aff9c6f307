import { expect, it } from 'vitest';
import { fieldSelectorAttribute, labelSelectorAttribute } from './selector-attribute.js';

it('reads the conditions of a selector', () => {
  expect(fieldSelectorAttribute('a=1,b!=2').requirements).toEqual([
    { field: 'a', operator: '=', value: '1' },
    { field: 'b', operator: '!=', value: '2' },
  ]);
  expect(labelSelectorAttribute('x in (b,a)').requirements).toEqual([{ key: 'x', operator: 'in', values: ['a', 'b'] }]);
  expect([fieldSelectorAttribute('a=1').error, labelSelectorAttribute('x').error]).toEqual([undefined, undefined]);
});

it('has no conditions where it cannot be read, and says why', () => {
  const fields = fieldSelectorAttribute('a');
  expect([fields.requirements, fields.error]).toEqual([[], "invalid selector: 'a'; can't understand 'a'"]);
  const labels = labelSelectorAttribute('a in b');
  expect([labels.requirements, labels.error]).toEqual([[], "unable to parse requirement: found 'b' expected: '('"]);
});
