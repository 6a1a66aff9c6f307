import { dns1123Subdomain, type FieldError, type FieldPath, GoUrl, invalidField, required, UrlError } from '@keelson/machinery';

/** How to reach a webhook: of admission, or of a custom resource's conversion. */
export interface WebhookClientConfig {
  readonly url?: string;
  readonly service?: WebhookService;
}

export interface WebhookService {
  readonly namespace: string;
  readonly name: string;
  readonly path?: string;
  readonly port?: number;
}

const desiredUrl = '; desired format: https://host[/path]';
const maxPort = 65535;

/** Webhooks get a port when none is given: that of HTTPS. */
export function defaultServicePort(config: { service?: { port?: number } } | undefined): void {
  if (config?.service) config.service.port ??= 443;
}

export function validateClientConfig({ url, service }: WebhookClientConfig, at: FieldPath): FieldError[] {
  if (service !== undefined && url === undefined) return validateService(service, at.child('service'));
  if (url !== undefined && service === undefined) return validateUrl(url, at.child('url'));
  return [required(at, 'exactly one of url or service is required')];
}

function validateUrl(text: string, at: FieldPath): FieldError[] {
  const url = GoUrl.parse(text);
  if (url instanceof UrlError) return [required(at, `url must be a valid URL: ${url.message}${desiredUrl}`)];
  const { scheme, host, user, fragment, query } = url;
  const refuse = (part: string, why: string) => invalidField(at, part, why);
  return [
    ...(scheme === 'https' ? [] : [refuse(scheme, `'https' is the only allowed URL scheme${desiredUrl}`)]),
    ...(host === '' ? [refuse('', `host must be specified${desiredUrl}`)] : []),
    ...(user === undefined ? [] : [refuse(user, 'user information is not permitted in the URL')]),
    ...(fragment === '' ? [] : [refuse(fragment, 'fragments are not permitted in the URL')]),
    ...(query === '' ? [] : [refuse(query, 'query parameters are not permitted in the URL')]),
  ];
}

/** Clients know Kubernetes to take one for the other: a missing name is said to be a missing namespace. */
function validateService({ name, namespace, path, port }: WebhookService, at: FieldPath): FieldError[] {
  const portIsValid = port === undefined || (port >= 1 && port <= maxPort);
  return [
    ...(namespace === '' ? [required(at.child('name'))] : []),
    ...(name === '' ? [required(at.child('namespace'))] : []),
    ...(portIsValid ? [] : [invalidField(at.child('port'), port, 'port is not valid: must be between 1 and 65535, inclusive')]),
    ...(path ? validatePath(path, at.child('path')) : []),
  ];
}

function validatePath(path: string, at: FieldPath): FieldError[] {
  if (path === '/') return [];
  if (path === '//') return [invalidField(at, path, 'segment[0] may not be empty')];
  // Bytes: without a slash to begin with, half of a character may be left.
  const segments = Buffer.from(path).subarray(1).toString('latin1').replace(/\/$/, '').split('/');
  return [
    ...(path.startsWith('/') ? [] : [invalidField(at, path, "must start with a '/'")]),
    ...segments.flatMap((segment, i) => {
      if (segment === '') return [invalidField(at, path, `segment[${i}] may not be empty`)];
      return dns1123Subdomain(segment).map((detail) => invalidField(at, path, `segment[${i}]: ${detail}`));
    }),
  ];
}
