import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { RequestState } from '../http/context.js';

/** What the event of a request says that nobody was known by: which credentials it came with. */
export function attemptedCredentials({ req, query }: RequestState): string {
  const authorization = (req.headers.authorization ?? '').trim();
  const attempts = [
    ...(isBasic(authorization) ? ['basic'] : []),
    ...(/^bearer /i.test(authorization) ? ['bearer'] : []),
    ...(query.get('access_token').trim() === '' ? [] : ['access_token']),
    ...(hasCertificate(req.socket) ? ['x509'] : []),
  ];
  return attempts.length > 0
    ? `Authentication failed, attempted: ${attempts.join(', ')}`
    : 'Authentication failed, no credentials provided';
}

function isBasic(authorization: string): boolean {
  const [, encoded] = /^basic (.*)$/i.exec(authorization) ?? [];
  return encoded !== undefined && Buffer.from(encoded, 'base64').includes(':');
}

function hasCertificate(socket: Socket | undefined): boolean {
  return (socket as Partial<TLSSocket> | undefined)?.getPeerX509Certificate?.() !== undefined;
}
