import type { Answer } from '../../http/testing/clients.js';

/** A list that any server may be asked for. */
export const pods = '/api/v1/namespaces/x/pods';

/** What an answer says. */
export const status = ({ text }: Answer): unknown => JSON.parse(text);

/** A Status as it is told. */
export const failure = (code: number, reason: string, message: string, details?: object) => ({
  kind: 'Status',
  apiVersion: 'v1',
  metadata: {},
  status: 'Failure',
  message,
  ...(reason !== '' && { reason }),
  ...(details && { details }),
  code,
});
