import { request } from 'node:https';

/** What a probe proves itself with; PEM. */
export interface ProbeCredentials {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

const timeoutMs = 2000;

/** True when `url` answers 200 over verified TLS. */
export function httpsProbe(url: string, credentials: ProbeCredentials): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = request(url, { ...credentials, agent: false, timeout: timeoutMs }, (response) => {
      response.resume();
      response.on('error', () => resolve(false));
      response.on('end', () => resolve(response.statusCode === 200));
    });
    probe.on('timeout', () => probe.destroy());
    // A refused connection is the usual answer of a program that is still starting.
    probe.on('error', () => resolve(false));
    probe.on('close', () => resolve(false));
    probe.end();
  });
}
