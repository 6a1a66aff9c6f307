import { newUid } from '@keelson/machinery';
import { core } from '@keelson/schema';
import { defineResource } from '@keelson/server';
import { type ResourceList, roundResourceList } from '../pod/resource-list.js';
import { validateLimitRange } from './limit-ranges-validation.js';

type LimitRange = core.v1.LimitRange;

/** Adds what `from` has and `to` has not. */
function fillFrom(to: ResourceList | undefined, from: ResourceList | undefined): ResourceList | undefined {
  if (from === undefined || Object.keys(from).length === 0) return to;
  return { ...from, ...to };
}

function defaultItem(item: core.v1.LimitRangeItem): void {
  for (const list of [item.max, item.min, item.default, item.defaultRequest, item.maxLimitRequestRatio]) roundResourceList(list);
  if (item.type !== 'Container') return;
  const limits = fillFrom(item.default, item.max);
  if (limits) item.default = limits;
  const requests = fillFrom(fillFrom(item.defaultRequest, item.default), item.min);
  if (requests) item.defaultRequest = requests;
}

export const limitRanges = defineResource<LimitRange>(core.v1.LimitRange, {
  names: { plural: 'limitranges', short: ['limits'] },
  scope: 'Namespaced',
  metadataChecks: { changes: 0 },
  storage: { key: 'limitranges' },
  createOnUpdate: true,
  prepareForCreate({ metadata }) {
    // The one kind that may come without any name.
    metadata.name ||= newUid();
  },
  defaults: ({ spec }) => spec.limits?.forEach(defaultItem),
  validate: validateLimitRange,
});
