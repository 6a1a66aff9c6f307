import { describe, expect, it } from 'vitest';
import { deprecated, harmless, implemented, partial, refused } from './flag.js';
import { FlagError } from './flag-error.js';
import {
  bool,
  duration,
  float,
  int,
  ip,
  keyValue,
  keyValues,
  oneOf,
  portRange,
  strictKeyValues,
  string,
  stringArray,
  strings,
} from './flag-type.js';
import { parseFlags } from './parse-flags.js';

const table = {
  arrays: implemented(stringArray, [], ''),
  count: implemented(int, 3, ''),
  file: implemented(string, '', ''),
  gates: partial(implemented(strictKeyValues, new Map(), ''), (gates) => [...gates.keys()].filter((name) => name.startsWith('No'))),
  host: implemented(ip, '0.0.0.0', ''),
  ignored: harmless(int, 5, ''),
  old: deprecated(implemented(int, 5, ''), 'use another one'),
  list: implemented(strings, ['preset'], ''),
  mode: implemented(oneOf('a', 'b'), 'a', ''),
  on: implemented(bool, true, ''),
  pairs: implemented(keyValues, new Map(), ''),
  claim: implemented(keyValue, new Map(), ''),
  ports: implemented(portRange, { first: 1, last: 2 }, ''),
  ratio: implemented(float, 0, ''),
  unsafe: refused(bool, false, '', 'it would not be done'),
  v: implemented(int, 0, '', 'v'),
  'two-words': implemented(bool, false, '', 'h'),
  wait: implemented(duration, 1000, ''),
};

describe('parseFlags', () => {
  it.each<[string, string[], Record<string, unknown>]>([
    ['takes defaults', [], { count: 3, file: '', list: ['preset'], on: true, wait: 1000 }],
    ['reads --a=b', ['--file=x=y'], { file: 'x=y' }],
    ['reads --a b', ['--file', '-odd', '--count', '-4'], { file: '-odd', count: -4 }],
    ['reads an empty value', ['--file='], { file: '' }],
    ['reads hexadecimal', ['--count=0x10'], { count: 16 }],
    ['lets the last one win', ['--count=1', '--count=2'], { count: 2 }],
    ['takes a bare boolean for true', ['--two-words', 'x'], { 'two-words': true }],
    ['reads a boolean', ['--on=F'], { on: false }],
    ['takes _ for -', ['--two_words'], { 'two-words': true }],
    ['replaces a list default and appends', ['--list=a,b', '--list', 'c'], { list: ['a', 'b', 'c'] }],
    ['reads quoted list entries', ['--list="a,b",c,"d ""e"""'], { list: ['a,b', 'c', 'd "e"'] }],
    ['keeps an empty list entry', ['--list=a,,b'], { list: ['a', '', 'b'] }],
    ['empties a list', ['--list='], { list: [] }],
    ['does not split an array', ['--arrays=a,b', '--arrays=c'], { arrays: ['a,b', 'c'] }],
    [
      'reads pairs',
      ['--pairs=a=1, b=2', '--pairs=c'],
      {
        pairs: new Map([
          ['a', '1'],
          ['b', '2'],
          ['c', ''],
        ]),
      },
    ],
    [
      'keeps the commas of single pairs',
      ['--claim=a=1,b=2', '--claim= c =x=y'],
      {
        claim: new Map([
          ['a', '1,b=2'],
          ['c', 'x=y'],
        ]),
      },
    ],
    ['keeps __proto__ a key', ['--pairs=__proto__=1'], { pairs: new Map([['__proto__', '1']]) }],
    ['reads a duration', ['--wait=1m30s'], { wait: 90_000 }],
    ['reads a fraction', ['--ratio=1e-3'], { ratio: 0.001 }],
    ['reads port ranges', ['--ports=30000-30010'], { ports: { first: 30_000, last: 30_010 } }],
    ['reads port offsets', ['--ports=30000+10'], { ports: { first: 30_000, last: 30_010 } }],
    ['reads addresses', ['--host=::1'], { host: '::1' }],
    ['reads a shorthand', ['-v4'], { v: 4 }],
    ['reads a shorthand with =', ['-v=4'], { v: 4 }],
    ['reads a shorthand with a space', ['-v', '4'], { v: 4 }],
    ['reads joined shorthands', ['-hv4'], { 'two-words': true, v: 4 }],
  ])('%s', (_name, args, expected) => {
    expect(parseFlags(table, args).values).toMatchObject(expected);
  });

  it.each<[string[], string]>([
    [['--foo'], 'unknown flag: --foo'],
    [['--foo=1'], 'unknown flag: --foo'],
    [['-x'], "unknown shorthand flag: 'x' in -x"],
    [['--count'], 'flag needs an argument: --count'],
    [['-v'], "flag needs an argument: 'v' in -v"],
    [['--=1'], 'bad flag syntax: --=1'],
    [['---count'], 'bad flag syntax: ---count'],
    [['--count=x'], 'invalid argument "x" for "--count" flag: strconv.ParseInt: parsing "x": invalid syntax'],
    [['--count=1.5'], 'invalid argument "1.5" for "--count" flag: strconv.ParseInt: parsing "1.5": invalid syntax'],
    [['-v=x'], 'invalid argument "x" for "-v, --v" flag: strconv.ParseInt: parsing "x": invalid syntax'],
    [['--on=maybe'], 'invalid argument "maybe" for "--on" flag: strconv.ParseBool: parsing "maybe": invalid syntax'],
    [['--ratio=x'], 'invalid argument "x" for "--ratio" flag: strconv.ParseFloat: parsing "x": invalid syntax'],
    [['--wait=5'], 'invalid argument "5" for "--wait" flag: time: missing unit in duration "5"'],
    [['--host=nowhere'], 'invalid argument "nowhere" for "--host" flag: failed to parse IP: "nowhere"'],
    [['--mode=c'], 'invalid argument "c" for "--mode" flag: must be one of a, b'],
    [['--ports=9-3'], 'invalid argument "9-3" for "--ports" flag: end port cannot be less than start port: 9-3'],
    [['--ports=9-70000'], 'invalid argument "9-70000" for "--ports" flag: the port range cannot be greater than 65535: 9-70000'],
    [['--ports=-1-5'], 'invalid argument "-1-5" for "--ports" flag: strconv.Atoi: parsing "": invalid syntax'],
    [['--gates=A'], 'invalid argument "A" for "--gates" flag: missing bool value for A'],
    [['--claim=x'], 'invalid argument "x" for "--claim" flag: malformed pair, expect string=string'],
    [['--unsafe'], 'flag --unsafe is not supported: it would not be done'],
  ])('refuses %j', (args, message) => {
    expect(() => parseFlags(table, args)).toThrow(new FlagError(message));
  });

  it('accepts a refused flag that is set to its default', () => {
    expect(parseFlags(table, ['--unsafe=false']).values.unsafe).toBe(false);
  });

  it('warns of deprecated flags', () => {
    expect(parseFlags(table, ['--old=5']).warnings).toEqual(['Flag --old has been deprecated, use another one']);
    expect(parseFlags(table, []).warnings).toEqual([]);
  });

  it('warns of harmless flags unless they are set to their default', () => {
    expect(parseFlags(table, ['--ignored=6']).warnings).toEqual(['flag --ignored is accepted and has no effect']);
    expect(parseFlags(table, ['--ignored=5']).warnings).toEqual([]);
  });

  it('warns of parts of a value that have no effect', () => {
    const warnings = ['Nothing of flag --gates is accepted and has no effect'];
    expect(parseFlags(table, ['--gates=Nothing=true,A=true']).warnings).toEqual(warnings);
    expect(parseFlags(table, ['--gates=A=true']).warnings).toEqual([]);
  });

  it('keeps what was given, in order, and what is not a flag', () => {
    const parsed = parseFlags(table, ['one', '--two_words', '--count=7', '--', '--count=8']);
    expect(parsed.given).toEqual([
      { name: 'two-words', text: 'true' },
      { name: 'count', text: '7' },
    ]);
    expect(parsed.positional).toEqual(['one', '--count=8']);
  });

  it('freezes the values', () => {
    expect(Object.isFrozen(parseFlags(table, []).values)).toBe(true);
  });
});
