import { EventEmitter, on } from 'node:events';
import type { SourceEvent } from '@keelson/sdk';
import type { NodeMetrics } from './node-metrics.js';

/** Readings of nodes, and what becomes of them. */
export class Samples {
  readonly #latest = new Map<string, NodeMetrics>();
  readonly #told = new EventEmitter().setMaxListeners(0);

  latest(): NodeMetrics[] {
    return [...this.#latest.values()];
  }

  async *changes(signal: AbortSignal): AsyncGenerator<SourceEvent<NodeMetrics>> {
    for await (const [event] of on(this.#told, 'change', { signal })) yield event as SourceEvent<NodeMetrics>;
  }

  record(node: string, usage: { readonly cpu: string; readonly memory: string }, at = new Date()): void {
    const type = this.#latest.has(node) ? 'MODIFIED' : 'ADDED';
    const object: NodeMetrics = { metadata: { name: node }, timestamp: at.toISOString(), window: '15s', usage };
    this.#latest.set(node, object);
    this.#told.emit('change', { type, object });
  }

  forget(node: string): void {
    const object = this.#latest.get(node);
    if (object === undefined) return;
    this.#latest.delete(node);
    this.#told.emit('change', { type: 'DELETED', object });
  }
}
