import type { Definition } from '@keelson/extensions';
import { describe, expect, it } from 'vitest';
import { KnownDefinitions } from './known-definitions.js';

const definition = (group: string) => ({ spec: { group } }) as Definition;

describe('KnownDefinitions', () => {
  it('finds definitions by name and by group until they are gone', () => {
    const known = new KnownDefinitions();
    const [a, b, c] = [definition('x.io'), definition('x.io'), definition('y.io')];
    known.set('as.x.io', definition('x.io'));
    known.set('as.x.io', a);
    known.set('bs.x.io', b);
    known.set('cs.y.io', c);
    expect(known.get('as.x.io')).toBe(a);
    expect([...known.inGroup('x.io')]).toEqual([
      ['as.x.io', a],
      ['bs.x.io', b],
    ]);
    known.delete('as.x.io');
    known.delete('none.y.io');
    expect(known.get('as.x.io')).toBeUndefined();
    expect([...known.inGroup('x.io').keys()]).toEqual(['bs.x.io']);
    known.delete('bs.x.io');
    expect([known.inGroup('x.io').size, known.inGroup('y.io').size]).toEqual([0, 1]);
  });
});
