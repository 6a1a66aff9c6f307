import { describe, expect, it } from 'vitest';
import { builtInPlugins, pluginNames } from './built-in-plugins.js';
import { hostOf } from './testing/host.js';

describe('builtInPlugins', () => {
  it('makes the named plugins that there are, in the order of the names', async () => {
    const plugins = await builtInPlugins(['Priority', 'Unheard', 'constructor', 'NamespaceLifecycle'], hostOf());
    expect(plugins.map(({ name }) => name)).toEqual(['Priority', 'NamespaceLifecycle']);
  });

  it('makes each plugin under its own name', async () => {
    expect((await builtInPlugins([...pluginNames], hostOf())).map(({ name }) => name)).toEqual([...pluginNames]);
  });
});
