/** What a proxy request names: `name`, `name:port` or `scheme:name:port`, where scheme is http, https or empty, and port a number or a name. */
export interface SchemeNamePort {
  readonly scheme: string;
  readonly name: string;
  readonly port: string;
}

/** Undefined for anything else. */
export function splitSchemeNamePort(id: string): SchemeNamePort | undefined {
  const parts = id.split(':');
  if (parts.length > 3) return undefined;
  const [scheme, name, port] = parts.length === 3 ? parts : ['', parts[0], parts[1] ?? ''];
  if (name === '' || !['', 'http', 'https'].includes(scheme as string)) return undefined;
  return { scheme: scheme as string, name: name as string, port: port as string };
}
