import { describe, expect, it } from 'vitest';
import {
  configMapKey,
  dns1035Label,
  dns1123Label,
  dns1123Subdomain,
  envVarName,
  generateNameForm,
  labelValue,
  pathSegmentName,
  percent,
  portName,
  qualifiedName,
  wildcardDns1123Subdomain,
} from './name-forms.js';

const label =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
const subdomain =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
const dns1035 =
  "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')";
const namePart =
  "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";

describe('details', () => {
  it.each([
    [dns1123Label, 'my-name', []],
    [dns1123Label, 'A', [label]],
    [dns1123Label, '', [label]],
    [dns1123Label, 'a..b', [label]],
    [dns1123Label, 'a.b', ['must not contain dots']],
    [dns1123Label, 'a\n', [label]],
    [dns1123Label, 'a'.repeat(64), ['must be no more than 63 characters']],
    [dns1123Label, 'A'.repeat(64), ['must be no more than 63 characters', label]],
    [dns1123Subdomain, 'example.com', []],
    [dns1123Subdomain, 'a'.repeat(254), ['must be no more than 253 characters']],
    [dns1123Subdomain, 'é', [subdomain]],
    [dns1123Subdomain, '日'.repeat(100), ['must be no more than 253 characters', subdomain]],
    [dns1035Label, 'a1', []],
    [dns1035Label, '1a', [dns1035]],
    [wildcardDns1123Subdomain, '*.example.com', []],
    [qualifiedName, 'example.com/My.Name_1', []],
    [qualifiedName, '', ['name part must be non-empty', `name part ${namePart}`]],
    [qualifiedName, '-bad-', [`name part ${namePart}`]],
    [qualifiedName, 'x'.repeat(64), ['name part must be no more than 63 characters']],
    [qualifiedName, '/a', ['prefix part must be non-empty']],
    [qualifiedName, 'A/b', [`prefix part ${subdomain}`]],
    [qualifiedName, 'A/', [`prefix part ${subdomain}`, 'name part must be non-empty', `name part ${namePart}`]],
    [qualifiedName, 'a/b/c', [`a qualified name ${namePart} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`]],
    [labelValue, '', []],
    [labelValue, 'x'.repeat(64), ['must be no more than 63 characters']],
    [pathSegmentName, 'system:node', []],
    [pathSegmentName, '..', ["may not be '..'"]],
    [pathSegmentName, 'a/b%', ["may not contain '/'", "may not contain '%'"]],
    [envVarName, 'A B', []],
    [envVarName, 'A=B', ["a valid environment variable name must consist only of printable ASCII characters other than '='"]],
    [configMapKey, 'key.name', []],
    [configMapKey, '..', ["must not be '..'"]],
    [configMapKey, '..a', ["must not start with '..'"]],
    [portName, 'http', []],
    [
      portName,
      '-1--2-',
      ['must contain at least one letter (a-z)', 'must not contain consecutive hyphens', 'must not begin or end with a hyphen'],
    ],
    [portName, 'A'.repeat(16), expect.arrayContaining(['must be no more than 15 characters'])],
    [percent, '25%', []],
  ])('%o of %j', (form, text, details) => {
    expect(form(text)).toEqual(details);
  });
});

describe('generateName', () => {
  it('may end with a hyphen', () => {
    expect(generateNameForm(dns1123Subdomain)('web-')).toEqual([]);
    expect(generateNameForm(dns1123Subdomain)('Web-')).toEqual([subdomain]);
    expect(generateNameForm(dns1123Label)('-')).toEqual([label]);
  });

  it('may be a dot where anything goes in a path segment', () => {
    expect(generateNameForm(pathSegmentName)('..')).toEqual([]);
    expect(generateNameForm(pathSegmentName)('a/')).toEqual(["may not contain '/'"]);
  });
});
