import { status } from '@grpc/grpc-js';
import { expect, it } from 'vitest';
import { ScriptedTransport } from '../testing/etcd/scripted-transport.js';
import { EtcdCalls } from './etcd-calls.js';
import { etcdSettings } from './etcd-options.js';
import { CallError } from './transport/transport.js';

const noLeader = () => new CallError(status.UNAVAILABLE, 'etcdserver: no leader', true);
const noAnswer = () => new CallError(status.DEADLINE_EXCEEDED, 'Deadline exceeded after 0.005s', true);

/** Each attempt fails with the next of these, the last of them again and again. */
function failing(...failures: (() => CallError)[]): EtcdCalls {
  let attempts = 0;
  const transport = new ScriptedTransport(() => {
    throw failures[Math.min(attempts++, failures.length - 1)]?.();
  });
  return new EtcdCalls([transport], etcdSettings({ endpoints: ['scripted'], requestTimeoutMs: 200 }));
}

it('says of a read what the attempts before the last one told, whose time was up', async () => {
  await expect(failing(noLeader, noAnswer).read('path', new Uint8Array())).rejects.toMatchObject({ code: 'unavailable' });
  await expect(failing(noAnswer).read('path', new Uint8Array())).rejects.toMatchObject({ code: 'timeout' });
});

it('does not know of a write what became of it when the last attempt got no answer', async () => {
  await expect(failing(noLeader, noAnswer).write('path', new Uint8Array())).rejects.toMatchObject({ code: 'ambiguous' });
  await expect(failing(noLeader).write('path', new Uint8Array())).rejects.toMatchObject({ code: 'unavailable' });
});
