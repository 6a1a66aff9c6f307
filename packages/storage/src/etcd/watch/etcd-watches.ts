import type { KvWatchOptions, Revision, WatchBatch } from '../../kv.js';
import { StorageError } from '../../storage-error.js';
import type { EtcdSettings } from '../etcd-options.js';
import type { KeySpan } from '../key-span.js';
import { Members } from '../members.js';
import type { Transport } from '../transport/transport.js';
import { EtcdWatch } from './etcd-watch.js';
import { WatchMember } from './watch-member.js';

/** The open watches and the connections they run on. */
export class EtcdWatches {
  readonly #members: Members<WatchMember>;
  readonly #currentRevision: () => Promise<Revision>;
  readonly #open = new Set<EtcdWatch>();
  #closed = false;

  constructor(transports: readonly Transport[], settings: EtcdSettings, currentRevision: () => Promise<Revision>) {
    this.#members = new Members(transports.map((transport) => new WatchMember(transport, settings)));
    this.#currentRevision = currentRevision;
  }

  get progressIsReliable(): boolean {
    const known = this.#members.all.filter((member) => member.progressInOrder !== undefined);
    return known.length > 0 && known.every((member) => member.progressInOrder);
  }

  open(span: KeySpan, from: Revision, { previous = false, signal }: KvWatchOptions): AsyncIterable<WatchBatch> {
    const watch = new EtcdWatch(this.#members, { span, from, previous, signal, currentRevision: this.#currentRevision });
    watch.onEnd = () => this.#open.delete(watch);
    if (this.#closed) watch.stop(closed());
    if (!watch.over) this.#open.add(watch);
    return watch;
  }

  requestProgress(): void {
    for (const watch of this.#open) watch.requestProgress();
  }

  close(): void {
    this.#closed = true;
    for (const watch of [...this.#open]) watch.stop(closed());
    for (const member of this.#members.all) member.close();
  }
}

function closed(): StorageError {
  return new StorageError('closed', 'the store is closed');
}
