import type { JsonObject } from '@keelson/machinery';
import { kinds, type TypeSchema } from '@keelson/schema';
import { describe, expect, it } from 'vitest';
import { compareObjects } from './compare.js';
import { objectType } from './merge-type.js';

const pod = objectType(kinds.find('', 'v1', 'Pod')?.type as TypeSchema);
const claim = objectType(kinds.find('apps', 'v1', 'ControllerRevision')?.type as TypeSchema);

function comparePods(before: JsonObject, after: JsonObject) {
  return compareObjects({ spec: before }, { spec: after }, pod);
}

describe('compareObjects', () => {
  it('compares items of map lists by key, with defaults, in any order', () => {
    const tcp = { containerPort: 80 };
    const udp = { containerPort: 80, protocol: 'UDP' };
    const container = (...ports: JsonObject[]) => ({ containers: [{ name: 'a', ports }] });
    expect(comparePods(container(tcp, udp), container(udp, tcp))).toEqual({ changed: {}, removed: {} });
    const udpNode = { 'k:{"containerPort":80,"protocol":"UDP"}': { '.': {}, 'f:containerPort': {}, 'f:protocol': {} } };
    const below = { 'f:spec': { 'f:containers': { 'k:{"name":"a"}': { 'f:ports': udpNode } } } };
    expect(comparePods(container(tcp, udp), container(tcp))).toEqual({ changed: {}, removed: below });
    expect(comparePods(container(tcp), container(tcp, udp))).toEqual({ changed: below, removed: {} });
  });

  it('takes atomic maps, lists and structs as wholes', () => {
    expect(comparePods({ nodeSelector: { a: '1' } }, { nodeSelector: { a: '2' } }).changed).toEqual({ 'f:spec': { 'f:nodeSelector': {} } });
    expect(comparePods({ tolerations: [] }, { tolerations: [{ key: 'a' }] }).changed).toEqual({ 'f:spec': { 'f:tolerations': {} } });
    const before = { data: { a: { b: 1 } } };
    expect(compareObjects(before, { data: { a: { b: 2 } } }, claim).changed).toEqual({ 'f:data': {} });
  });

  it('tells empty, null and absent apart', () => {
    expect(comparePods({}, { securityContext: {} }).changed).toEqual({ 'f:spec': { 'f:securityContext': {} } });
    expect(comparePods({ containers: null }, { containers: [] }).changed).toEqual({ 'f:spec': { 'f:containers': {} } });
    const filled = comparePods({ containers: null }, { containers: [{ name: 'a' }] });
    expect(filled.changed).toEqual({ 'f:spec': { 'f:containers': { 'k:{"name":"a"}': { '.': {}, 'f:name': {} } } } });
  });

  it('compares items with the same key as one', () => {
    const env = (...values: string[]) => ({ containers: [{ name: 'a', env: values.map((value) => ({ name: 'X', value })) }] });
    const at = (node: object) => ({ 'f:spec': { 'f:containers': { 'k:{"name":"a"}': { 'f:env': { 'k:{"name":"X"}': node } } } } });
    const whole = { '.': {}, 'f:name': {}, 'f:value': {} };
    expect(comparePods(env('1', '2'), env('1', '2'))).toEqual({ changed: {}, removed: {} });
    expect(comparePods(env('1', '2'), env('1', '3'))).toEqual({ changed: at({}), removed: {} });
    expect(comparePods(env('1', '2'), env('1'))).toEqual({ changed: at(whole), removed: at({}) });
    expect(comparePods(env('1'), env('1', '2'))).toEqual({ changed: at({}), removed: at(whole) });
  });

  it('ignores managedFields', () => {
    const metadata = { managedFields: [{ manager: 'm' }] };
    expect(compareObjects({ metadata }, { metadata: {} }, pod)).toEqual({ changed: {}, removed: {} });
  });
});
