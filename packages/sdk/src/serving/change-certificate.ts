import { setTimeout as sleep } from 'node:timers/promises';
import type { Registration } from '../registration/registration.js';
import type { UseCertificate } from './certificate-rotation.js';
import type { ServingTls } from './serving-tls.js';

/**
 * Shows another certificate to clients. Where another authority has signed it, they are told first, and given time: each of
 * the cluster's servers hears of it for itself, and would refuse the certificate until then.
 */
export function changeCertificate(tls: ServingTls, registration: Registration | undefined, trustDelayMs: number): UseCertificate {
  return async (certificate, signal) => {
    await registration?.apply();
    if (registration !== undefined && certificate.bundle !== tls.bundle) {
      await sleep(trustDelayMs, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return;
    }
    tls.useCertificate(certificate);
  };
}
