import { get } from 'node:https';

/** The status code and text of an answer; undefined when there is none. */
export function httpsGet(url: string, ca: string, token: string): Promise<{ code: number; text: string } | undefined> {
  return new Promise((resolve) => {
    const call = get(url, { ca, agent: false, timeout: 5000, headers: { Authorization: `Bearer ${token}` } }, async (response) => {
      try {
        resolve({ code: response.statusCode ?? 0, text: (await response.toArray()).join('') });
      } catch {
        resolve(undefined);
      }
    });
    call.on('timeout', () => call.destroy());
    call.on('error', () => resolve(undefined));
  });
}
