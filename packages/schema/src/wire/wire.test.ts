import { describe, expect, it } from 'vitest';
import { writeVarint } from '../codec/wire.js';
import { codecOf, core, DecodeError } from '../index.js';
import { envelopePrefix, isEnvelope, unwrap, unwrapMessage, wrap } from './envelope.js';
import { readLabels } from './metadata-peek.js';
import { stampedLength, stampResourceVersion, writeStamped } from './stamp-resource-version.js';

const pod: core.v1.Pod = core.v1.Pod.codec.fromJson({
  metadata: {
    name: 'web-1',
    namespace: 'shop',
    uid: 'u-1',
    labels: { app: 'web', __proto__x: 'y' },
    annotations: { big: 'x'.repeat(1000) },
    finalizers: ['a/b'],
    ownerReferences: [{ apiVersion: 'v1', kind: 'Node', name: 'n', uid: 'u-2' }],
  },
  spec: { nodeName: 'node-1', hostNetwork: true, containers: [{ name: 'c' }] },
  status: { phase: 'Running' },
});
const message = Buffer.from(core.v1.Pod.codec.encode(pod));

describe('envelope', () => {
  it('goes around a message and comes off again', () => {
    const bytes = wrap(envelopePrefix('v1', 'Pod'), message);
    expect(isEnvelope(bytes)).toBe(true);
    expect(unwrap(bytes)).toEqual({ apiVersion: 'v1', kind: 'Pod', message, contentEncoding: '', contentType: '' });
    expect(unwrapMessage(bytes).equals(message)).toBe(true);
  });

  it('has the bytes that Kubernetes writes', () => {
    expect(wrap(envelopePrefix('v1', 'ConfigMap'), Buffer.alloc(0)).toString('hex')).toBe(
      '6b3873000a0f0a0276311209436f6e6669674d617012001a002200',
    );
  });

  it('is told from other bytes', () => {
    expect(isEnvelope(Buffer.from('k8s'))).toBe(false);
    expect(() => unwrap(Buffer.from('{}'))).toThrow(DecodeError);
    expect(() => unwrap(Buffer.from('6b387300127f00', 'hex'))).toThrow('unexpected EOF');
  });
});

describe('stampResourceVersion', () => {
  it.each(['1', '48213377', '9'.repeat(40)])('sets %s without touching the rest', (version) => {
    const stamped = stampResourceVersion(message, version);
    expect(core.v1.Pod.codec.decode(stamped)).toEqual({ ...pod, metadata: { ...pod.metadata, resourceVersion: version } });
    expect(core.v1.Pod.codec.toJson(stamped).equals(core.v1.Pod.codec.toJson(message, version))).toBe(true);
  });

  it('replaces an earlier version', () => {
    expect(core.v1.Pod.codec.decode(stampResourceVersion(stampResourceVersion(message, '1'), '2')).metadata.resourceVersion).toBe('2');
  });

  it('makes metadata where there is none', () => {
    expect(core.v1.Pod.codec.decode(stampResourceVersion(Buffer.alloc(0), '7')).metadata).toEqual({ resourceVersion: '7' });
  });

  it('knows its length beforehand, and writes into memory that is there', () => {
    for (const unstamped of [message, stampResourceVersion(message, '1'), Buffer.alloc(0)]) {
      const stamped = stampResourceVersion(unstamped, '48213377');
      expect(stampedLength(unstamped, '48213377')).toBe(stamped.length);
      const out = Buffer.alloc(stamped.length + 20);
      expect(writeStamped(unstamped, '48213377', out, stamped.length + 10)).toBe(10);
      expect(out.subarray(10, stamped.length + 10).equals(stamped)).toBe(true);
      expect(out[9]).toBe(0);
      expect(out[stamped.length + 10]).toBe(0);
    }
  });
});

describe('labels', () => {
  it('are read without the rest', () => {
    expect(readLabels(message)).toEqual({ app: 'web', __proto__x: 'y' });
  });

  it('may be called __proto__ like anything else', () => {
    const labels = JSON.parse('{"__proto__":"x"}') as Record<string, string>;
    const bytes = Buffer.from(core.v1.Pod.codec.encode({ ...pod, metadata: { labels } }));
    expect(Object.entries(readLabels(bytes))).toEqual([['__proto__', 'x']]);
    expect(Object.entries(core.v1.Pod.codec.decode(bytes).metadata.labels ?? {})).toEqual([['__proto__', 'x']]);
    expect(Object.entries(core.v1.Pod.codec.fromJson({ metadata: { labels } } as never).metadata.labels ?? {})).toEqual([
      ['__proto__', 'x'],
    ]);
    expect(core.v1.Pod.codec.toJson(bytes).toString()).toContain('"labels":{"__proto__":"x"}');
  });
});

describe('messages in unusual order', () => {
  it('are read like any other', () => {
    const split = Buffer.concat([
      // status, then metadata in two parts, then a list with something in between
      Buffer.from([0x1a, 0x05, 0x0a, 0x03]),
      Buffer.from('Big'),
      Buffer.from([0x0a, 0x03, 0x0a, 0x01]),
      Buffer.from('n'),
      Buffer.from([0x0a, 0x03, 0x1a, 0x01]),
      Buffer.from('s'),
      Buffer.from([0xf8, 0x07, 0x01]),
    ]);
    const { codec } = core.v1.Pod;
    expect(codec.decode(split).metadata).toEqual({ name: 'n', namespace: 's' });
    expect(codec.decode(split).status.phase).toBe('Big');
    expect(JSON.parse(codec.toJson(split).toString())).toEqual(codec.decode(split));
  });

  it('may pack numbers', () => {
    const packed = Buffer.from([0x12, 0x02, 0x01, 0x02]);
    const codec = codecOf<{ values: number[] }>('batch.v1.PodFailurePolicyOnExitCodesRequirement');
    const unpacked = codec.encode({ operator: 'In', values: [1, 2] } as never);
    expect(codec.decode(unpacked).values).toEqual([1, 2]);
    const tagged = Buffer.from([(3 << 3) | 2, ...packed.subarray(1)]);
    expect(codec.decode(tagged).values).toEqual([1, 2]);
    expect(JSON.parse(codec.toJson(tagged).toString()).values).toEqual([1, 2]);
  });

  it('fail cleanly when cut short', () => {
    for (let length = 1; length < message.length; length += 7) {
      const cut = message.subarray(0, length);
      for (const read of [() => core.v1.Pod.codec.decode(cut), () => core.v1.Pod.codec.toJson(cut)]) {
        try {
          read();
        } catch (error) {
          expect(error).toBeInstanceOf(DecodeError);
        }
      }
    }
    expect(() => core.v1.Pod.codec.decode(message.subarray(0, 100))).toThrow(DecodeError);
  });

  it('fail cleanly when nested too deeply', () => {
    // not: {not: {not: …}}, written from the inside out.
    const bytes = Buffer.alloc(500_000);
    let start = bytes.length;
    for (let depth = 0; depth < 60_000; depth++) {
      start = writeVarint(bytes, start, bytes.length - start);
      start = writeVarint(bytes, start, (28 << 3) | 2);
    }
    const codec = codecOf('apiextensions.v1.JSONSchemaProps');
    expect(() => codec.decode(bytes.subarray(start))).toThrow('exceeded max depth');
  });
});

describe('objects larger than the shared buffer', () => {
  it('are written whole', () => {
    const large = core.v1.ConfigMap.codec.fromJson({ metadata: { name: 'big' }, data: { a: '<'.repeat(900_000), b: 'é'.repeat(300_000) } });
    const bytes = core.v1.ConfigMap.codec.encode(large);
    expect(core.v1.ConfigMap.codec.decode(bytes)).toEqual(large);
    expect(JSON.parse(core.v1.ConfigMap.codec.toJson(bytes).toString())).toEqual(large);
  });

  it('as documents are their JSON behind another head, whatever their size', () => {
    const { codec } = core.v1.ConfigMap;
    const head = Buffer.from('{"kind":"ConfigMap",');
    const around = head.length + '"metadata":{},"data":{"k":""}}\n'.length;
    for (const size of [1, 512 * 1024 - 2, 512 * 1024 - 1, 512 * 1024, 512 * 1024 + 1]) {
      const message = codec.encode(codec.fromJson({ data: { k: 'x'.repeat(Math.max(1, size - around)) } }));
      const document = codec.toDocument(message, head, '7');
      const text = codec.toJson(message, '7').toString();
      expect(document.toString() === `${head}${text.slice(1)}\n`).toBe(true);
      const plain = codec.toDocument(message, head);
      expect(plain.length).toBe(Math.max(around + 1, size));
    }
  });
});
