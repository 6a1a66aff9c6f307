import { featureGates } from '@keelson/machinery';
import { describe, expect, it } from 'vitest';
import { ineffectiveFeatureGates, resolveFeatureGates } from './feature-gates.js';
import { FlagError } from './flag-error.js';

const resolve = (text: Record<string, string>) => resolveFeatureGates(new Map(Object.entries(text)));

describe('resolveFeatureGates', () => {
  it('has every gate of v1.34 at its default', () => {
    expect(featureGates.size).toBe(206);
    const state = resolve({});
    expect(state.size).toBe(featureGates.size);
    expect([state.get('WatchList'), state.get('MutatingAdmissionPolicy'), state.get('WinDSR')]).toEqual([true, false, true]);
  });

  it('sets single gates, with and without the component', () => {
    const state = resolve({ 'kube:MutatingAdmissionPolicy': 'true', WatchList: 'false' });
    expect([state.get('MutatingAdmissionPolicy'), state.get('WatchList')]).toEqual([true, false]);
  });

  it('sets a stage, and lets a single gate win over it', () => {
    const state = resolve({ PodCertificateRequest: 'false', AllAlpha: 'true' });
    expect([state.get('CBORServingAndStorage'), state.get('PodCertificateRequest'), state.get('MutatingAdmissionPolicy')]).toEqual([
      true,
      false,
      false,
    ]);
  });

  it.each([
    [{ Nothing: 'true' }, '--feature-gates: unrecognized feature gate: Nothing'],
    [{ __proto__x: 'true' }, '--feature-gates: unrecognized feature gate: __proto__x'],
    [{ WatchList: 'maybe' }, '--feature-gates: invalid value of WatchList=maybe, err: strconv.ParseBool: parsing "maybe": invalid syntax'],
    [{ WinDSR: 'false' }, '--feature-gates: cannot set feature gate WinDSR to false, feature is locked to true'],
  ])('refuses %j', (settings, message) => {
    expect(() => resolve(settings)).toThrow(new FlagError(message));
  });
});

it('tells which settings change nothing', () => {
  const settings = {
    AllAlpha: 'true',
    'kube:ListFromCacheSnapshot': 'F',
    MutatingAdmissionPolicy: 'true',
    CBORServingAndStorage: 'true',
    OpenAPIEnums: 'true',
    WatchList: 'false',
    UserNamespacesPodSecurityStandards: 'true',
  };
  expect(ineffectiveFeatureGates(new Map(Object.entries(settings)))).toEqual([
    'kube:ListFromCacheSnapshot=F',
    'CBORServingAndStorage=true',
  ]);
});
