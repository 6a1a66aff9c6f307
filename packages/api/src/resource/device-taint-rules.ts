import { dns1123Label, dns1123Subdomain, type FieldError, path, semanticallyEqual, timeNow } from '@keelson/machinery';
import { resource } from '@keelson/schema';
import { age, col, defineResource, nameColumn, since } from '@keelson/server';
import { deprecationText } from '../conversion/deprecation-text.js';
import { validateForm } from '../validation/names.js';
import { validateDriverName, validatePoolName, validateSelectors, validateTaint } from './device-validation.js';

type Rule = resource.v1alpha3.DeviceTaintRule;

type Selector = resource.v1alpha3.DeviceTaintSelector;

const at = path('spec');

/** What says which devices are tainted. `stored`: its expressions were let in before. */
function validateSelector({ deviceClassName, driver, pool, device, selectors }: Selector, stored: boolean): FieldError[] {
  const here = at.child('deviceSelector');
  return [
    ...(deviceClassName === undefined ? [] : validateForm(deviceClassName, here.child('deviceClassName'), dns1123Subdomain)),
    ...(driver === undefined ? [] : validateDriverName(driver, here.child('driver'))),
    ...(pool === undefined ? [] : validatePoolName(pool, here.child('pool'))),
    ...(device === undefined ? [] : validateForm(device, here.child('device'), dns1123Label)),
    ...validateSelectors(selectors, here.child('selectors'), stored),
  ];
}

function validate({ spec: { deviceSelector, taint } }: Rule, old: Rule | undefined): FieldError[] {
  const before = old?.spec.deviceSelector;
  const stored = before !== undefined && semanticallyEqual(deviceSelector?.selectors, before.selectors);
  return [...(deviceSelector === undefined ? [] : validateSelector(deviceSelector, stored)), ...validateTaint(taint, at.child('taint'))];
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
