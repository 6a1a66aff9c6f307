import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { SamplePlugin } from '../../testing/kms/index.js';
import { KmsClient } from './kms-client.js';
import { encryptedObject, SourceType } from './kms-messages.js';
import { KmsProvider } from './kms-provider.js';

const key = '/registry/secrets/default/web';
const value = Buffer.from('k8s\0secret');
const minute = 60_000;

const ends: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function running() {
  const dir = await mkdtemp(join(tmpdir(), 'kms-'));
  ends.push(() => rm(dir, { recursive: true }));
  const plugin = new SamplePlugin();
  await plugin.listen(join(dir, 'kms.sock'));
  ends.push(() => plugin.stop());
  let nowMs = Date.parse('2025-01-01T00:00:00Z');
  const failures: string[] = [];
  const told: string[] = [];
  const observer = { onMiss: () => void told.push('miss'), onGenerated: () => void told.push('generated') };
  const provider = () => {
    const made = new KmsProvider({
      name: 'sample',
      service: new KmsClient(`unix://${join(dir, 'kms.sock')}`, 2_000),
      onFailure: (error) => failures.push((error as Error).message),
      observer,
      nowMs: () => nowMs,
    });
    ends.push(() => made.close());
    return made;
  };
  return { plugin, provider, failures, told, pass: (ms: number) => (nowMs += ms) };
}

describe('KmsProvider', () => {
  it('opens what it has sealed without asking the plugin, and each other source once', async () => {
    const { plugin, provider, told } = await running();
    const [one, other] = [provider(), provider()];
    await one.start();
    await other.start();
    const sealed = [one.seal(value, key), one.seal(value, key)];
    expect(await one.open(sealed[0] as Buffer, key)).toEqual({ value, stale: false });
    expect(plugin.calls).toEqual({ Status: 2, Encrypt: 2, Decrypt: 0 });
    const opened = await Promise.all([...sealed, ...sealed].map((each) => other.open(each, key)));
    expect(opened).toEqual(Array.from({ length: 4 }, () => ({ value, stale: false })));
    expect(plugin.calls.Decrypt).toBe(1);
    expect(told).toEqual(['generated', 'generated', 'miss']);
  });

  it('stores an envelope that others can open', async () => {
    const { provider } = await running();
    const one = provider();
    await one.start();
    const envelope = encryptedObject.decode(one.seal(value, key));
    expect({ ...envelope, encryptedData: envelope.encryptedData.length, encryptedDekSource: envelope.encryptedDekSource.length }).toEqual({
      // 32 bytes that the key is derived from, nonce, value, tag.
      encryptedData: 32 + 12 + value.length + 16,
      keyId: 'key-1',
      // Nonce, seed, tag: the sample's own form.
      encryptedDekSource: 12 + 32 + 16,
      annotations: { 'sample.example.com': Buffer.from('1') },
      encryptedDekSourceType: SourceType.seed,
    });
    expect(() => one.open(one.seal(value, key), '/registry/secrets/default/other')).toThrow('cipher: message authentication failed');
  });

  it('takes a new key of the plugin at the next check, from when on older values are stale', async () => {
    const { plugin, provider, pass } = await running();
    const one = provider();
    await one.start();
    const old = one.seal(value, key);
    plugin.rotate();
    await one.check();
    expect(await one.open(old, key)).toEqual({ value, stale: false });
    pass(minute);
    await one.check();
    expect(await one.open(old, key)).toEqual({ value, stale: true });
    expect(encryptedObject.decode(one.seal(value, key)).keyId).toBe('key-2');
  });

  it('writes for three minutes more when the plugin fails, and reads for ever', async () => {
    const { plugin, provider, pass } = await running();
    const one = provider();
    await one.start();
    const sealed = one.seal(value, key);
    plugin.healthz = 'the vault is closed';
    pass(minute);
    const unhealthy = 'kmsv2 Provider sample is not healthy, error: got unexpected healthz status: the vault is closed';
    await expect(one.check()).rejects.toThrow(unhealthy);
    plugin.stop();
    pass(3 * minute);
    await expect(one.check()).rejects.toThrow('failed to perform status section of the healthz check for KMS Provider sample, error: ');
    one.seal(value, key);
    pass(1);
    expect(() => one.seal(value, key)).toThrow(
      /^encryptedDEKSource with keyID hash "sha256:[0-9a-f]{64}" expired at 2025-01-01T00:04:00Z \(current time is 2025-01-01T00:04:00Z\)$/,
    );
    expect(await one.open(sealed, key)).toEqual({ value, stale: false });
  });

  it('says that the plugin would not open a source, and does not ask again for every value', async () => {
    const { provider } = await running();
    const { plugin, provider: stranger } = await running();
    const [one, other] = [provider(), stranger()];
    await one.start();
    await other.start();
    for (let at = 0; at < 3; at++) await expect(other.open(one.seal(value, key), key)).rejects.toThrow('failed to decrypt DEK, error: ');
    expect(plugin.calls.Decrypt).toBe(1);
  });

  it('starts without the plugin, and cannot write until it is there', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'kms-'));
    ends.push(() => rm(dir, { recursive: true }));
    const failures: unknown[] = [];
    const service = new KmsClient(`unix://${join(dir, 'kms.sock')}`, 50);
    const one = new KmsProvider({ name: 'sample', service, onFailure: (error) => failures.push(error) });
    ends.push(() => one.close());
    await one.start();
    expect(failures).toHaveLength(1);
    expect(() => one.seal(value, key)).toThrow('got unexpected nil transformer');
  });
});
