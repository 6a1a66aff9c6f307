import { describe, expect, it } from 'vitest';
import { acceptNames } from './accept-names.js';
import type { Definition } from './definition-condition.js';

function definition(kind: string, plural: string, accepted: boolean, more: Partial<Definition['spec']['names']> = {}): Definition {
  const names = { plural, singular: kind.toLowerCase(), kind, listKind: `${kind}List`, ...more };
  return {
    metadata: { name: `${plural}.example.com` },
    spec: { group: 'example.com', scope: 'Namespaced', names, versions: [] },
    status: { acceptedNames: accepted ? names : { plural: '', kind: '' }, conditions: null, storedVersions: null },
  } as Definition;
}

const summary = ({ namesAccepted: { status, reason, message }, established }: ReturnType<typeof acceptNames>) =>
  [status, reason, message, established.reason] as const;

describe('acceptNames', () => {
  it('gives a definition names that nobody has', () => {
    const fresh = definition('Widget', 'widgets', false, { shortNames: ['wd'] });
    const verdict = acceptNames(fresh, [fresh]);
    expect(verdict.names).toEqual(fresh.spec.names);
    expect(summary(verdict)).toEqual(['True', 'NoConflicts', 'no conflicts found', 'Installing']);
  });

  it('keeps from it what another one of its group has', () => {
    const first = definition('Widget', 'widgets', true, { shortNames: ['wd'] });
    const second = definition('Widget', 'gadgets', false, { singular: 'gadget', listKind: 'GadgetList', shortNames: ['gd', 'wd'] });
    const verdict = acceptNames(second, [first, second]);
    expect(verdict.names).toEqual({ plural: 'gadgets', singular: 'gadget', kind: '', listKind: 'GadgetList' });
    expect(summary(verdict)).toEqual(['False', 'KindConflict', '"Widget" is already in use', 'NotAccepted']);
  });

  it('lets it have its own names, and those of other groups', () => {
    const other = { ...definition('Widget', 'widgets', true), spec: { ...definition('Widget', 'widgets', true).spec, group: 'other.com' } };
    const own = definition('Widget', 'widgets', true);
    expect(summary(acceptNames(own, [own, other]))[0]).toBe('True');
  });
});
