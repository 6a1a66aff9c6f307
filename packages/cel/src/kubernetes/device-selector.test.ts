import { expect, it } from 'vitest';
import { deviceSelectorProblem } from './device-selector.js';

it.each([
  'true',
  'device.driver == "gpu.example.com"',
  'device.attributes["gpu.example.com"].model == "a100"',
  '"gpu.example.com" in device.attributes && device.attributes["gpu.example.com"].version.isGreaterThan(semver("1.0.0"))',
  'device.capacity["gpu.example.com"].memory.compareTo(quantity("10Gi")) >= 0',
  'cel.bind(gpu, device.attributes["gpu.example.com"], gpu.model == "a100" || gpu.model == "h100")',
  'device.attributes["gpu.example.com"].healthy',
])('takes %s', (expression) => {
  expect(deviceSelectorProblem(expression, false)).toBeUndefined();
});

it.each([
  ['device.name', 'invalid', "compilation failed: ERROR: <input>:1:7: undefined field 'name'\n | device.name\n | ......^"],
  ['device.driver', 'invalid', 'must evaluate to bool or the unknown type, not string'],
  [
    'device.allowMultipleAllocations',
    'invalid',
    "compilation failed: ERROR: <input>:1:7: undefined field 'allowMultipleAllocations'\n | device.allowMultipleAllocations\n | ......^",
  ],
  [
    'device.attributes["a"].all(k, device.attributes["a"].all(l, device.attributes["a"].all(m, device.attributes["a"].all(n, n == k))))',
    'forbidden',
    'too complex, exceeds cost limit',
  ],
])('refuses %s', (expression, kind, detail) => {
  expect(deviceSelectorProblem(expression, false)).toEqual({ kind, detail });
});

it('lets stored selectors be as they are', () => {
  expect(deviceSelectorProblem('device.allowMultipleAllocations', true)).toBeUndefined();
});
