import { existsSync } from 'node:fs';
import { duplicate, type FieldError, invalidField, notSupported, path, required } from '@keelson/machinery';
import type { EgressConfiguration, EgressConnection } from './egress-configuration.js';

type Transport = NonNullable<EgressConnection['transport']>;
type Tcp = NonNullable<Transport['tcp']>;

const names = ['cluster', 'controlplane', 'etcd'];
/** The same for each of them, as Kubernetes has it. */
const at = path('service', 'connection');

export function validateEgressConfiguration({ egressSelections = [] }: EgressConfiguration): FieldError[] {
  return [
    ...egressSelections.flatMap(({ connection = {} }) => validateConnection(connection)),
    ...validateNames(egressSelections.map(({ name = '' }) => name.toLowerCase())),
  ];
}

function validateNames(given: readonly string[]): FieldError[] {
  return given.flatMap((name, i) => {
    if (given.indexOf(name) < i) return [duplicate(at.index(i), name)];
    return names.includes(name) ? [] : [notSupported(at, name, names)];
  });
}

function validateConnection({ proxyProtocol = '', transport }: EgressConnection): FieldError[] {
  switch (proxyProtocol) {
    case 'Direct':
      return transport === undefined ? [] : [invalidField(at.child('transport'), 'direct', 'config must be absent for direct connect')];
    case 'HTTPConnect':
      return validateHttpConnect(transport);
    case 'GRPC':
      return validateGrpc(transport);
    default:
      return [notSupported(at.child('protocol'), proxyProtocol, ['Direct', 'HTTPConnect', 'GRPC'])];
  }
}

function validateHttpConnect(transport: Transport | undefined): FieldError[] {
  if (transport === undefined) return [required(at.child('transport'), 'transport must be set for HTTPConnect')];
  const { tcp, uds } = transport;
  if (tcp && uds) return [invalidField(at.child('tcp'), tcp, 'TCP and UDS cannot both be set')];
  if (tcp) return validateTcp(tcp);
  return uds ? validateUds(uds) : [required(at.child('tcp'), 'One of TCP or UDS must be set')];
}

function validateGrpc(transport: Transport | undefined): FieldError[] {
  if (transport === undefined) return [required(at.child('transport'), 'transport must be set for GRPC')];
  return transport.uds ? validateUds(transport.uds) : [required(at.child('uds'), 'UDS must be set with GRPC')];
}

function validateUds({ udsName = '' }: NonNullable<Transport['uds']>): FieldError[] {
  return udsName === '' ? [invalidField(at.child('udsName'), 'nil', 'must be present for UDS connections')] : [];
}

function validateTcp({ url = '', tlsConfig }: Tcp): FieldError[] {
  if (url.startsWith('https://')) return validateTls(tlsConfig);
  if (!url.startsWith('http://')) return [invalidField(at.child('url'), url, 'supported connection protocols are http:// and https://')];
  return tlsConfig ? [invalidField(at.child('tlsConfig'), 'nil', 'config must not be present when using HTTP')] : [];
}

function validateTls(tls: Tcp['tlsConfig']): FieldError[] {
  const tlsAt = at.child('tlsConfig');
  if (tls === undefined) return [required(tlsAt, 'TLSConfig must be present when using HTTPS')];
  const { caBundle = '', clientCert = '', clientKey = '' } = tls;
  const file = (field: string, value: string, needed: string, missing: string): FieldError[] => {
    if (value === '') return needed === '' ? [] : [invalidField(tlsAt.child(field), 'nil', needed)];
    return existsSync(value) ? [] : [invalidField(tlsAt.child(field), value, missing)];
  };
  return [
    ...file('caBundle', caBundle, '', 'TLS config ca bundle does not exist'),
    ...file('clientCert', clientCert, 'Using TLS requires clientCert', 'TLS client cert does not exist'),
    ...file('clientKey', clientKey, 'Using TLS requires requires clientKey', 'TLS client key does not exist'),
  ];
}
