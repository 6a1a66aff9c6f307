import { type FieldError, path, semanticallyEqual, timeNow } from '@keelson/machinery';
import { resource } from '@keelson/schema';
import { age, col, defineResource, nameColumn, since } from '@keelson/server';
import { deprecationText } from '../conversion/deprecation-text.js';
import { validateSelectors, validateTaint } from './device-validation.js';

type Rule = resource.v1alpha3.DeviceTaintRule;

function validate({ spec }: Rule, old: Rule | undefined): FieldError[] {
  const at = path('spec');
  const unchanged = old !== undefined && semanticallyEqual(spec.deviceSelector?.selectors, old.spec.deviceSelector?.selectors);
  return [
    ...validateSelectors(spec.deviceSelector?.selectors, at.child('deviceSelector', 'selectors'), unchanged),
    ...validateTaint(spec.taint, at.child('taint')),
  ];
}

/** KEP-5055. */
export const deviceTaintRules = defineResource<Rule>(resource.v1alpha3.DeviceTaintRule, {
  names: { plural: 'devicetaintrules' },
  scope: 'Cluster',
  storage: { key: 'devicetaintrules' },
  deprecationWarning: deprecationText(resource.v1alpha3.DeviceTaintRule, { deprecated: '1.36', removed: '1.39' }),
  deleteReturns: 'object',
  generationOf: ({ spec }) => spec,
  defaults({ spec }) {
    spec.taint.timeAdded ??= timeNow();
  },
  validate,
  columns: [
    nameColumn(),
    col('Key', ({ spec }) => spec.taint.key),
    col('Value', ({ spec }) => spec.taint.value ?? ''),
    col('Effect', ({ spec }) => spec.taint.effect),
    col('TimeAdded', ({ spec }) => since(spec.taint.timeAdded)),
    age(),
  ],
});
