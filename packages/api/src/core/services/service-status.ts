import { dns1123Subdomain, type FieldError, type FieldPath, forbiddenField, invalidField, path, required } from '@keelson/machinery';
import type { core } from '@keelson/schema';
import { status } from '@keelson/server';
import { parseIp } from '../../net/ip-address.js';
import { validateIp } from '../../net/ip-validation.js';
import { validateEnumerated } from '../../validation/enumerated.js';
import { validateForm } from '../../validation/names.js';
import { loadBalancerWarnings } from '../../warnings/load-balancer-warnings.js';

type Service = core.v1.Service;

const ingressPath = path('status', 'loadBalancer', 'ingress');

function validateHostname(hostname: string, at: FieldPath): FieldError[] {
  const errors = validateForm(hostname, at, dns1123Subdomain);
  return parseIp(hostname) === undefined ? errors : [...errors, invalidField(at, hostname, 'must be a DNS name, not an IP address')];
}

type Ingress = core.v1.LoadBalancerIngress;

function validateIngress({ ip, ipMode, hostname }: Ingress, at: FieldPath, kept: readonly string[]): FieldError[] {
  const errors = ip ? validateIp(ip, at.child('ip'), kept) : [];
  const mode = at.child('ipMode');
  if (ip && ipMode === undefined) errors.push(required(mode, 'must be specified when `ip` is set'));
  else if (!ip && ipMode !== undefined) errors.push(forbiddenField(mode, 'may not be specified when `ip` is not set'));
  else if (ipMode !== undefined) errors.push(...validateEnumerated(ipMode, mode, ['Proxy', 'VIP']));
  return hostname ? [...errors, ...validateHostname(hostname, at.child('hostname'))] : errors;
}

function validate({ spec, status }: Service, old: Service): FieldError[] {
  const ingress = status.loadBalancer?.ingress ?? [];
  if (spec.type !== 'LoadBalancer' && ingress.length > 0) {
    return [forbiddenField(ingressPath, "may only be used when `spec.type` is 'LoadBalancer'")];
  }
  const kept = (old.status.loadBalancer?.ingress ?? []).map(({ ip = '' }) => ip);
  return ingress.flatMap((one, i) => validateIngress(one, ingressPath.index(i), kept));
}

/** What load balancers report. */
export const serviceStatus = status<Service>({ validate, warnings: loadBalancerWarnings });
