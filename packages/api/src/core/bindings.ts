import { core } from '@keelson/schema';
import { createdStatus, defineResource, type Resource } from '@keelson/server';
import { bindPod } from './pods/binding.js';

type Binding = core.v1.Binding;

/** The older way to bind a pod: a binding named after it. */
export function createBindings(pods: Resource): Resource {
  return defineResource<Binding>(core.v1.Binding, {
    names: { plural: 'bindings' },
    scope: 'Namespaced',
    storage: { key: 'bindings' },
    verbs: ['create'],
    async review(binding, context) {
      await bindPod(pods, context.namespace, binding.metadata.name ?? '', binding, context);
      return createdStatus();
    },
  });
}
