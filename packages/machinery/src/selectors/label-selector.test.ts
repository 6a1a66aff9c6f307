import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ApiError } from '../errors/api-error.js';
import { LabelSelector } from './label-selector.js';
import { parseLabelSelector } from './parse-label-selector.js';

const labelValueDetail =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";

describe('canonical text', () => {
  it.each([
    ['', ''],
    ['  ', ''],
    ['app=a', 'app=a'],
    ['app==a', 'app==a'],
    [' app = a , tier != x ', 'app=a,tier!=x'],
    ['tier,app', 'app,tier'],
    ['!app', '!app'],
    ['! app', '!app'],
    ['app in (b, a,b)', 'app in (a,b)'],
    ['app notin (a)', 'app notin (a)'],
    ['app in ()', 'app in ()'],
    ['app in (,)', 'app in ()'],
    ['app in (a,,b)', 'app in (,a,b)'],
    ['app=', 'app='],
    ['app=,tier', 'app=,tier'],
    ['num>1,num<10', 'num>1,num<10'],
    ['x.y/z=a', 'x.y/z=a'],
    ['in in (in,notin)', 'in in (in,notin)'],
    ['notin', 'notin'],
    ['notin=in', 'notin=in'],
  ])('%j is %j', (text, canonical) => {
    expect(parseLabelSelector(text).toString()).toBe(canonical);
    expect(parseLabelSelector(canonical).toString()).toBe(canonical);
  });
});

describe('errors', () => {
  it.each([
    ['app=a,', "found '', expected: identifier after ','"],
    ['app!a', "unable to parse requirement: found '!', expected: in, notin, =, ==, !=, gt, lt"],
    ['app in', "unable to parse requirement: found '' expected: '('"],
    ['app in (a,b', "unable to parse requirement: found '', expected: ',' or ')'"],
    ['a in (', "unable to parse requirement: found '', expected: ',', ')' or identifier"],
    ['a in (a,', "unable to parse requirement: found '', expected: ',', or identifier"],
    ['!', "unable to parse requirement: found '', expected: identifier"],
    ['app===a', "unable to parse requirement: found '=', expected: identifier"],
    ['!app=a', "found '=', expected: ',' or 'end of string'"],
    ['app=a b', "found 'b', expected: ',' or 'end of string'"],
    [',', "found ',', expected: !, identifier, or 'end of string'"],
    ['=a', "found '=', expected: !, identifier, or 'end of string'"],
    ['num>x', "unable to parse requirement: values[0]: Invalid value: \"x\": for 'Gt', 'Lt' operators, the value must be an integer"],
    [
      'num>9223372036854775808',
      "unable to parse requirement: values[0]: Invalid value: \"9223372036854775808\": for 'Gt', 'Lt' operators, the value must be an integer",
    ],
    ['app=-bad', `unable to parse requirement: values[0][app]: Invalid value: "-bad": ${labelValueDetail}`],
    ['num>-1', `unable to parse requirement: values[0][num]: Invalid value: "-1": ${labelValueDetail}`],
    ['/app', 'unable to parse requirement: <nil>: Invalid value: "/app": prefix part must be non-empty'],
  ])('%j', (text, message) => {
    const parse = () => parseLabelSelector(text);
    expect(parse).toThrow(ApiError);
    expect(parse).toThrow(expect.objectContaining({ message, code: 400, reason: 'BadRequest' }));
  });
});

describe('matching', () => {
  const labels = { app: 'a', tier: 'x', num: '5' };

  it.each([
    ['', true],
    ['app=a', true],
    ['app==b', false],
    ['app!=b', true],
    ['nope!=b', true],
    ['app in (a,b)', true],
    ['nope in (a)', false],
    ['nope notin (a)', true],
    ['app notin (a)', false],
    ['app', true],
    ['nope', false],
    ['!nope', true],
    ['!app', false],
    ['num>4', true],
    ['num>5', false],
    ['num<6', true],
    ['num<5', false],
    ['num<9223372036854775807', true],
    ['app>1', false],
    ['nope<1', false],
    ['app=a,tier=x,num=5', true],
    ['app=a,tier=x,num=6', false],
    ['app=a,tier=y', false],
  ])('%j', (text, expected) => {
    expect(parseLabelSelector(text).matches(labels)).toBe(expected);
  });

  it('takes absent labels as none', () => {
    expect(parseLabelSelector('!app').matches(undefined)).toBe(true);
    expect(parseLabelSelector('app').matches(undefined)).toBe(false);
  });

  it('does not see members of Object.prototype', () => {
    expect(parseLabelSelector('constructor').matches({})).toBe(false);
    expect(parseLabelSelector('toString!=a').matches({})).toBe(true);
  });

  it('compares long numbers exactly', () => {
    const selector = parseLabelSelector('num>9007199254740992');
    expect(selector.matches({ num: '9007199254740993' })).toBe(true);
    expect(selector.matches({ num: '9007199254740992' })).toBe(false);
    expect(selector.matches({ num: '99999999999999999999' })).toBe(false);
    expect(parseLabelSelector('num>1').matches({ num: '000000000000000000002' })).toBe(true);
  });

  it('knows everything and nothing', () => {
    expect(LabelSelector.everything.matches({})).toBe(true);
    expect(LabelSelector.nothing.matches({})).toBe(false);
    expect(parseLabelSelector('').matchesEverything).toBe(true);
    expect(LabelSelector.nothing.matchesEverything).toBe(false);
  });

  it('tells the exact value an index can look up', () => {
    expect(parseLabelSelector('app=a,tier!=x').exactValue('app')).toBe('a');
    expect(parseLabelSelector('app in (a)').exactValue('app')).toBe('a');
    expect(parseLabelSelector('app in (a,b)').exactValue('app')).toBeUndefined();
    expect(parseLabelSelector('app!=a').exactValue('app')).toBeUndefined();
  });
});

describe('properties', () => {
  const word = fc.stringMatching(/^[a-z0-9]([-a-z0-9_.]{0,8}[a-z0-9])?$/);
  const number = fc.integer({ min: 0 }).map(String);
  const requirement = fc.oneof(
    fc.tuple(word, fc.constantFrom('=', '==', '!='), word).map((parts) => parts.join('')),
    fc.tuple(word, fc.constantFrom('in', 'notin'), fc.array(word, { minLength: 1 })).map(([key, op, values]) => `${key} ${op} (${values})`),
    fc.tuple(fc.constantFrom('', '!'), word).map((parts) => parts.join('')),
    fc.tuple(word, fc.constantFrom('>', '<'), number).map((parts) => parts.join('')),
  );
  const selectorText = fc.array(requirement).map((parts) => parts.join(','));

  it('reads back what it prints', () => {
    fc.assert(
      fc.property(selectorText, fc.dictionary(word, fc.oneof(word, number)), (text, labels) => {
        const selector = parseLabelSelector(text);
        const again = parseLabelSelector(selector.toString());
        expect(again.requirements).toEqual(selector.requirements);
        expect(again.matches(labels)).toBe(selector.matches(labels));
      }),
    );
  });

  it('answers any text with a selector or with 400', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'ab1=!<>(), /in') }), (text) => {
        try {
          parseLabelSelector(text);
        } catch (error) {
          expect(error).toMatchObject({ code: 400 });
        }
      }),
    );
  });
});
