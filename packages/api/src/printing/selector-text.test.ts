import { describe, expect, it } from 'vitest';
import { labelsString, labelsText } from './labels-text.js';
import { selectorString, selectorText } from './selector-text.js';

describe('selectorText', () => {
  it('orders conditions by label', () => {
    const selector = {
      matchLabels: { tier: 'web', app: 'shop' },
      matchExpressions: [{ key: 'env', operator: 'NotIn', values: ['b', 'a'] }],
    };
    expect(selectorText(selector)).toBe('app=shop,env notin (a,b),tier=web');
  });

  it('says when there is nothing to select by', () => {
    expect(selectorText({})).toBe('<none>');
    expect(selectorText(undefined)).toBe('<none>');
    expect(selectorString({})).toBe('');
  });

  it('survives a selector that cannot be read', () => {
    expect(selectorText({ matchExpressions: [{ key: 'a', operator: 'Like', values: [] }] })).toBe('<error>');
  });
});

describe('labelsText', () => {
  it('orders labels by key', () => {
    expect(labelsText({ b: '2', a: '1' })).toBe('a=1,b=2');
  });

  it('says when there are none', () => {
    expect(labelsText({})).toBe('<none>');
    expect(labelsText(null)).toBe('<none>');
    expect(labelsString(undefined)).toBe('');
  });
});
