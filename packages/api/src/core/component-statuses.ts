import { core } from '@keelson/schema';
import { col, defineResource, nameColumn, type Resource } from '@keelson/server';
import { deprecationText } from '../conversion/deprecation-text.js';
import { type Component, ComponentStatusStore } from './component-status-store.js';

type ComponentStatus = core.v1.ComponentStatus;

function healthy({ conditions }: ComponentStatus): core.v1.ComponentCondition | undefined {
  return conditions?.find(({ type }) => type === 'Healthy');
}

function statusText(component: ComponentStatus): string {
  const condition = healthy(component);
  if (condition === undefined) return 'Unknown';
  return condition.status === 'True' ? 'Healthy' : 'Unhealthy';
}

/** Health of the control plane's other parts, asked for at each read. Deprecated for long, and still looked at. */
export function createComponentStatuses(components: readonly Component[]): Resource {
  return defineResource<ComponentStatus>(core.v1.ComponentStatus, {
    names: { plural: 'componentstatuses', singular: 'componentstatus', short: ['cs'] },
    scope: 'Cluster',
    storage: { key: 'componentstatuses', computed: (form) => new ComponentStatusStore(form, components) },
    verbs: ['get', 'list'],
    deprecationWarning: deprecationText(core.v1.ComponentStatus, { deprecated: '1.19' }),
    columns: [
      nameColumn(),
      col('Status', statusText),
      col('Message', (component) => healthy(component)?.message ?? ''),
      col('Error', (component) => healthy(component)?.error ?? ''),
    ],
  });
}
