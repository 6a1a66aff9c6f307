/** A proxy was reached, and has not connected. */
export class ProxyRefusal extends Error {
  override readonly name = 'ProxyRefusal';
}
