import { expect, it } from 'vitest';
import { core } from '../index.js';

const { codec } = core.v1.Pod;
const entry = (manager: string) => ({ manager, operation: 'Apply', fieldsV1: { 'f:spec': {} } });
const metadata = { name: 'web', labels: { app: 'web' }, managedFields: [entry('a'), entry('b'.repeat(300))] };
const spec = { containers: [{ name: 'main', resources: {} }] };
const pod = codec.fromJson({ metadata, spec, status: { phase: 'Running' } } as never);
const message = codec.encode(pod);

it('reads an object without its managed fields', () => {
  const { managedFields: _omitted, ...kept } = pod.metadata;
  expect(codec.decode(message, 'managedFields')).toEqual({ ...pod, metadata: kept });
  expect(codec.decode(new Uint8Array(), 'managedFields')).toEqual(codec.decode(new Uint8Array()));
});

it('reads the next one whole, also after one that could not be read', () => {
  expect(() => codec.decode(message.subarray(0, message.length - 1), 'managedFields')).toThrow('unexpected EOF');
  expect(codec.decode(message)).toEqual(pod);
});
