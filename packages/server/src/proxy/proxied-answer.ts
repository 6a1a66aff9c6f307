import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';

/** Headers by name in lower case; several values where one was sent several times. */
export type ForwardedHeaders = Record<string, string | string[]>;

/** What another server answered to a request that was handed on. */
export interface ProxiedAnswer {
  readonly code: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Readable;
  /** Of a body that has ended: whether it is all that was to come. */
  isWhole(): boolean;
}
