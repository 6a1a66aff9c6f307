import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type HeapItem, IndexedHeap } from './indexed-heap.js';

interface Numbered extends HeapItem {
  value: number;
}

const operation = fc.oneof(
  fc.record({ do: fc.constant('add' as const), value: fc.nat(20) }),
  fc.record({ do: fc.constant('delete' as const), at: fc.nat(30) }),
  fc.record({ do: fc.constant('change' as const), at: fc.nat(30), value: fc.nat(20) }),
);

it('has the least of its items first, whatever comes, goes and changes', () => {
  fc.assert(
    fc.property(fc.array(operation, { maxLength: 80 }), (operations) => {
      const heap = new IndexedHeap<Numbered>((a, b) => a.value < b.value);
      const items: Numbered[] = [];
      for (const one of operations) {
        if (one.do === 'add') {
          const item = { heapIndex: -1, value: one.value };
          items.push(item);
          heap.add(item);
          continue;
        }
        const item = items[one.at % Math.max(1, items.length)];
        if (item === undefined) continue;
        if (one.do === 'delete') {
          items.splice(items.indexOf(item), 1);
          heap.delete(item);
        } else {
          item.value = one.value;
          heap.update(item);
        }
        expect(heap.first?.value).toBe(items.length === 0 ? undefined : Math.min(...items.map(({ value }) => value)));
      }
      const drained: number[] = [];
      for (let first = heap.first; first !== undefined; first = heap.first) {
        drained.push(first.value);
        heap.delete(first);
      }
      expect(drained).toEqual(items.map(({ value }) => value).sort((a, b) => a - b));
    }),
  );
});

it('lets what is not in it be deleted', () => {
  const heap = new IndexedHeap<Numbered>((a, b) => a.value < b.value);
  const item = { heapIndex: -1, value: 1 };
  heap.add(item);
  heap.delete(item);
  heap.delete(item);
  expect([heap.first, item.heapIndex]).toEqual([undefined, -1]);
});
