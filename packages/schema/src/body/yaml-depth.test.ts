import { describe, expect, it } from 'vitest';
import { isTooDeep } from './yaml-depth.js';

const forms: Readonly<Record<string, (levels: number) => string>> = {
  lists: (levels) => '['.repeat(levels) + ']'.repeat(levels),
  maps: (levels) => `${'{a: '.repeat(levels)}1${'}'.repeat(levels)}`,
  'lists of lines': (levels) => `${'- '.repeat(levels)}x`,
  keys: (levels) => `${'? '.repeat(levels)}x`,
  'indented maps': (levels) => Array.from({ length: levels }, (_, at) => `${' '.repeat(at)}a:`).join('\n'),
  'maps of lists in one column': (levels) =>
    Array.from({ length: levels / 2 }, (_, at) => `${'  '.repeat(at)}a:\n${'  '.repeat(at)}-`).join('\n'),
  'lists whose brackets look closed': (levels) => '["]", '.repeat(levels) + ']'.repeat(levels),
};

describe('isTooDeep', () => {
  it.each(Object.entries(forms))('tells of %s that nest too deep', (_, form) => {
    expect([isTooDeep(form(60)), isTooDeep(form(1_000)), isTooDeep(form(30_000).slice(0, 1 << 20))]).toEqual([false, true, true]);
  });

  it('lets long texts be that only look deep', () => {
    const flat = Array.from({ length: 1_000 }, (_, at) => `key${at}: {a: [b], "[[[": '{{{'}`).join('\n');
    expect(isTooDeep(flat)).toBe(false);
    expect(isTooDeep(`text: |\n${'  - - - - [[[[\n'.repeat(1_000)}`)).toBe(false);
  });
});
