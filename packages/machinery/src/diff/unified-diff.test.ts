import { describe, expect, it } from 'vitest';
import { unifiedDiff } from './unified-diff.js';

const lines = (n: number) => Array.from({ length: n }, (_, i) => `line ${i}`);

describe('unifiedDiff', () => {
  it('says nothing of equal texts', () => {
    expect(unifiedDiff('a\nb', 'a\nb')).toBe('');
  });

  it('shows three lines around a change', () => {
    const text = lines(20);
    expect(unifiedDiff(text.join('\n'), text.with(9, 'other').join('\n'))).toBe(
      '@@ -7,7 +7,7 @@\n line 6\n line 7\n line 8\n-line 9\n+other\n line 10\n line 11\n line 12\n',
    );
  });

  it('joins changes that are close, and parts those that are not', () => {
    const text = lines(30);
    expect(unifiedDiff(text.join('\n'), text.toSpliced(2, 1).toSpliced(5, 0, 'new').with(25, 'x').join('\n'))).toBe(
      '@@ -1,9 +1,9 @@\n line 0\n line 1\n-line 2\n line 3\n line 4\n line 5\n+new\n line 6\n line 7\n line 8\n' +
        '@@ -23,7 +23,7 @@\n line 22\n line 23\n line 24\n-line 25\n+x\n line 26\n line 27\n line 28\n',
    );
  });

  it('counts what is empty and what is one line', () => {
    expect(unifiedDiff('a', 'b')).toBe('@@ -1 +1 @@\n-a\n+b\n');
    expect(unifiedDiff('a\nb\nc', 'a\nc')).toBe('@@ -1,3 +1,2 @@\n a\n-b\n c\n');
  });

  it('looks past lines that are everywhere in a long text', () => {
    const text = Array.from({ length: 300 }, (_, i) => (i % 2 === 0 ? 'same' : `line ${i}`));
    expect(unifiedDiff(text.join('\n'), text.with(101, 'changed').join('\n'))).toBe(
      '@@ -99,7 +99,7 @@\n same\n line 99\n same\n-line 101\n+changed\n same\n line 103\n same\n',
    );
  });
});
