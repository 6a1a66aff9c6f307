import { describe, expect, it } from 'vitest';
import { apiServerFlagGroups, apiServerFlags } from './apiserver-flags.js';
import { deprecated, harmless, implemented, refused } from './flag.js';
import { bool, duration, int, strings } from './flag-type.js';
import { renderHelp } from './render-help.js';

describe('renderHelp', () => {
  it('prints one section a group, flags in order, with types, defaults and what they do here', () => {
    const text = renderHelp('keelson x [flags]', 'Does x.', [
      {
        title: 'Some flags',
        flags: {
          wait: implemented(duration, 60_000, 'Time to wait.'),
          list: harmless(strings, ['a', 'b'], 'Things.'),
          v: implemented(int, 0, 'Detail.', 'v'),
          odd: refused(bool, false, 'Oddness.', 'why'),
          old: deprecated(implemented(bool, false, 'Age.'), 'Use wait.'),
        },
      },
    ]);
    expect(text).toBe(`Does x.

Usage:
  keelson x [flags]

Some flags:

      --list strings
          Things. (default [a,b]) [no effect]
      --odd
          Oddness. [not supported]
      --old
          Age. (DEPRECATED: Use wait.)
  -v, --v int
          Detail.
      --wait duration
          Time to wait. (default 1m0s)
`);
  });

  it('keeps the sections and the order of kube-apiserver', () => {
    expect(apiServerFlagGroups.map(({ title }) => title)).toEqual([
      'Generic flags',
      'Etcd flags',
      'Secure serving flags',
      'Auditing flags',
      'Features flags',
      'Authentication flags',
      'Authorization flags',
      'API enablement flags',
      'Egress selector flags',
      'Admission flags',
      'Metrics flags',
      'Logs flags',
      'Traces flags',
      'Misc flags',
      // Our own: they are kube-controller-manager's.
      'Controller flags',
      'Global flags',
    ]);
  });

  it('shows every flag once, none wider than the page', () => {
    const lines = renderHelp('keelson apiserver [flags]', '', apiServerFlagGroups).split('\n');
    const shown = lines.flatMap((line) => /^ {2}(?:-\w, | {4})--([\w-]+)/.exec(line)?.[1] ?? []);
    expect([...shown].sort()).toEqual(Object.keys(apiServerFlags).sort());
    expect(lines.filter((line) => line.length > 120)).toEqual([]);
  });
});
