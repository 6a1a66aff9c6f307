import type { KeyValue, KvEvent, Revision } from '../kv.js';

/** One write of one key, linked to the write it replaced. Immutable but for the link, which compaction cuts. */
export class Change {
  readonly key: string;
  readonly modRevision: Revision;
  /** Absent for a delete. */
  readonly value: Buffer | undefined;
  readonly created: boolean;
  older: Change | undefined;

  constructor(key: string, modRevision: Revision, value: Buffer | undefined, older: Change | undefined) {
    this.key = key;
    this.modRevision = modRevision;
    this.value = value;
    this.created = value !== undefined && older?.value === undefined;
    this.older = older;
  }

  /** The change that made the key's state at `revision`, this one being the newest. */
  at(revision: Revision): Change | undefined {
    let change: Change | undefined = this;
    while (change !== undefined && change.modRevision > revision) change = change.older;
    return change;
  }

  toKeyValue(keysOnly = false): KeyValue | undefined {
    if (this.value === undefined) return undefined;
    return { key: this.key, value: keysOnly ? Buffer.alloc(0) : copyOf(this.value), modRevision: this.modRevision };
  }

  toEvent(withPrevious: boolean): KvEvent {
    const { key, modRevision, created, value } = this;
    const previous = withPrevious ? this.older?.toKeyValue() : undefined;
    return {
      type: value === undefined ? 'delete' : 'put',
      key,
      modRevision,
      created,
      ...(value !== undefined && { value: copyOf(value) }),
      ...(previous !== undefined && { previous }),
    };
  }
}

/** Readers own what they get, so that none can change what others see. */
function copyOf(value: Buffer): Buffer {
  return Buffer.from(value);
}
