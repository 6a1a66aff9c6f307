import {
  dns1035Label,
  dns1123Label,
  dns1123Subdomain,
  type FieldError,
  type FieldPath,
  hasFeature,
  invalidField,
  type NameForm,
  notSupported,
  path,
  portName as portNameForm,
  required,
  wildcardDns1123Subdomain,
} from '@keelson/machinery';
import { type networking, shownAsSent } from '@keelson/schema';
import { parseIp } from '../net/ip-address.js';
import { validateIp } from '../net/ip-validation.js';
import { validateForm } from '../validation/names.js';
import { validatePortNumber } from '../validation/port.js';
import { validateTypedReference } from '../validation/typed-reference.js';
import { ingressClassAnnotation } from './ingress-class-annotation.js';

type Ingress = networking.v1.Ingress;
type IngressSpec = networking.v1.IngressSpec;
type Backend = networking.v1.IngressBackend;
type HttpPath = networking.v1.HTTPIngressPath;
type ServiceBackend = networking.v1.IngressServiceBackend;

const at = path('spec');
const pathTypes = ['Exact', 'ImplementationSpecific', 'Prefix'];
const forbiddenInPaths = ['//', '/./', '/../', '%2f', '%2F'];
const forbiddenAtEnds = ['/..', '/.'];

/** Services that begin with a digit (KEP-5311), where they can be made or the rules have named one before. */
function serviceNameForm({ rules = [] }: Partial<IngressSpec> = {}): NameForm {
  const names = rules.flatMap(({ http }) => http?.paths?.map(({ backend }) => backend.service?.name ?? '') ?? []);
  const isRelaxed = (name: string) => dns1123Label(name).length === 0 && dns1035Label(name).length > 0;
  return hasFeature('RelaxedServiceNameValidation') || names.some(isRelaxed) ? dns1123Label : dns1035Label;
}

function validateServiceBackend({ name, port }: ServiceBackend, backendPath: FieldPath, nameForm: NameForm): FieldError[] {
  const here = backendPath.child('service');
  const errors = name === '' ? [required(here.child('name'))] : validateForm(name, here.child('name'), nameForm);
  const { name: portName = '', number = 0 } = port;
  if (portName !== '' && number !== 0) errors.push(invalidField(backendPath, '', 'cannot set both port name & port number'));
  else if (portName === '' && number === 0) errors.push(required(backendPath, 'port name or number is required'));
  else if (portName !== '') errors.push(...validateForm(portName, here.child('port', 'name'), portNameForm));
  else errors.push(...validatePortNumber(number, here.child('port', 'number')));
  return errors;
}

function validateBackend({ service, resource }: Backend, here: FieldPath, nameForm: NameForm): FieldError[] {
  if (service !== undefined && resource !== undefined) return [invalidField(here, '', 'cannot set both resource and service backends')];
  if (resource !== undefined) return validateTypedReference(resource, here.child('resource'));
  if (service !== undefined) return validateServiceBackend(service, here, nameForm);
  return [invalidField(here, '', 'resource or service backend is required')];
}

function validatePathText(text: string, pathType: string, here: FieldPath): FieldError[] {
  const isSpecific = pathType === 'ImplementationSpecific';
  const errors = text.startsWith('/') || (isSpecific && text === '') ? [] : [invalidField(here, text, 'must be an absolute path')];
  if (isSpecific) return errors;
  return [
    ...errors,
    ...forbiddenInPaths.filter((part) => text.includes(part)).map((part) => invalidField(here, text, `must not contain '${part}'`)),
    ...forbiddenAtEnds.filter((end) => text.endsWith(end)).map((end) => invalidField(here, text, `cannot end with '${end}'`)),
  ];
}

function validatePath({ path: text = '', pathType, backend }: HttpPath, here: FieldPath, nameForm: NameForm): FieldError[] {
  if (pathType === null) return [required(here.child('pathType'), 'pathType must be specified')];
  const errors = pathTypes.includes(pathType)
    ? validatePathText(text, pathType, here.child('path'))
    : [notSupported(here.child('pathType'), pathType, pathTypes)];
  return [...errors, ...validateBackend(backend, here.child('backend'), nameForm)];
}

function validateHost(host: string, here: FieldPath): FieldError[] {
  const errors = parseIp(host) === undefined ? [] : [invalidField(here, host, 'must be a DNS name, not an IP address')];
  const form = host.includes('*') ? wildcardDns1123Subdomain : dns1123Subdomain;
  return [...errors, ...validateForm(host, here, form)];
}

function validateRule({ host = '', http }: networking.v1.IngressRule, here: FieldPath, nameForm: NameForm): FieldError[] {
  const errors = host === '' ? [] : validateHost(host, here.child('host'));
  if (http === undefined) return errors;
  const paths = http.paths ?? [];
  if (paths.length === 0) errors.push(required(here.child('http', 'paths')));
  return [...errors, ...paths.flatMap((one, i) => validatePath(one, here.child('http', 'paths').index(i), nameForm))];
}

function validateTls({ hosts = [], secretName = '' }: networking.v1.IngressTLS, here: FieldPath): FieldError[] {
  const errors = hosts.flatMap((host, i) => {
    const form = host.includes('*') ? wildcardDns1123Subdomain : dns1123Subdomain;
    return validateForm(host, here.child('hosts').index(i), form);
  });
  if (secretName !== '') {
    errors.push(...validateForm(secretName, here.child('secretName'), dns1123Subdomain));
  }
  return errors;
}

function validateSpec(spec: IngressSpec, old: IngressSpec | undefined): FieldError[] {
  const { rules = [], tls = [], defaultBackend, ingressClassName } = spec;
  const nameForm = serviceNameForm(old);
  const errors: FieldError[] = [];
  if (rules.length === 0 && defaultBackend === undefined) {
    errors.push(invalidField(at, shownAsSent(spec, 'rules'), 'either `defaultBackend` or `rules` must be specified'));
  }
  if (defaultBackend !== undefined) errors.push(...validateBackend(defaultBackend, at.child('defaultBackend'), nameForm));
  errors.push(...rules.flatMap((rule, i) => validateRule(rule, at.child('rules').index(i), nameForm)));
  errors.push(...tls.flatMap((one, i) => validateTls(one, at.child('tls').index(i))));
  if (ingressClassName !== undefined) {
    errors.push(...validateForm(ingressClassName, at.child('ingressClassName'), dns1123Subdomain));
  }
  return errors;
}

/** The older way to name a class, by annotation, may not contradict the field. */
function validateClassAnnotation({ metadata, spec }: Ingress): FieldError[] {
  const annotated = metadata.annotations?.[ingressClassAnnotation];
  if (annotated === undefined || spec.ingressClassName === undefined || annotated === spec.ingressClassName) return [];
  const here = path('annotations', ingressClassAnnotation);
  return [invalidField(here, annotated, 'must match `ingressClassName` when both are specified')];
}

export function validateIngress(ingress: Ingress, old: Ingress | undefined): FieldError[] {
  return [...validateSpec(ingress.spec, old?.spec), ...(old === undefined ? validateClassAnnotation(ingress) : [])];
}

export function validateIngressStatus({ status }: Ingress, old: Ingress): FieldError[] {
  const kept = (old.status.loadBalancer.ingress ?? []).map(({ ip = '' }) => ip);
  const here = path('status', 'loadBalancer', 'ingress');
  return (status.loadBalancer.ingress ?? []).flatMap(({ ip = '', hostname = '' }, i) => {
    const errors: FieldError[] = [];
    if (ip !== '') errors.push(...validateIp(ip, here.index(i).child('ip'), kept));
    if (hostname === '') return errors;
    const hostPath = here.index(i).child('hostname');
    errors.push(...validateForm(hostname, hostPath, dns1123Subdomain));
    if (parseIp(hostname) !== undefined) errors.push(invalidField(hostPath, hostname, 'must be a DNS name, not an IP address'));
    return errors;
  });
}
