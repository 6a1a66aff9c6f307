import { dns1123Subdomain, type FieldError, type FieldPath, invalidField } from '@keelson/machinery';
import type { core } from '@keelson/schema';
import { validateForm } from '../../validation/names.js';
import { containersOf } from './each-container.js';

type PodSpec = core.v1.PodSpec;
type Options = core.v1.WindowsSecurityContextOptions;

const maxCredentialSpecKiB = 64;
const maxDomainLength = 256;
const maxUserLength = 104;

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for.
const controlCharacter = /[\x00-\x1f\x7f]/;
const netBiosDomain = /^[^\\/:*?"<>|.][^\\/:*?"<>|]{0,14}$/;
const dnsLabel = '[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?';
const dnsDomain = new RegExp(`^${dnsLabel}(?:\\.${dnsLabel})*$`);
const reservedCharacter = /["/\\:;|=,+*?<>@[\]]/;
const onlyDotsAndSpaces = /^[. ]+$/;

function domainProblems(domain: string): string[] {
  return [
    ...(domain.length >= maxDomainLength ? [`runAsUserName's Domain length must be under ${maxDomainLength} characters`] : []),
    ...(netBiosDomain.test(domain) || dnsDomain.test(domain)
      ? []
      : ["runAsUserName's Domain doesn't match the NetBios nor the DNS format"]),
  ];
}

function accountProblems(user: string): string[] {
  return [
    ...(user === '' ? ["runAsUserName's User cannot be empty"] : []),
    ...(user.length > maxUserLength ? [`runAsUserName's User length must not be longer than ${maxUserLength} characters`] : []),
    ...(onlyDotsAndSpaces.test(user) ? ["runAsUserName's User cannot contain only periods or spaces"] : []),
    ...(reservedCharacter.test(user) ? ['runAsUserName\'s User cannot contain the following characters: "/\\:;|=,+*?<>@[]'] : []),
  ];
}

/** `user` or `DOMAIN\user`. */
function userNameProblems(name: string): string[] {
  if (name === '') return ['runAsUserName cannot be an empty string'];
  if (controlCharacter.test(name)) return ['runAsUserName cannot contain control characters'];
  const [first = '', second, ...more] = name.split('\\');
  if (more.length > 0) return ['runAsUserName cannot contain more than one backslash'];
  return second === undefined ? accountProblems(first) : [...domainProblems(first), ...accountProblems(second)];
}

function credentialSpecProblems(spec: string): string[] {
  if (spec === '') return ['gmsaCredentialSpec cannot be an empty string'];
  const fits = Buffer.byteLength(spec) <= maxCredentialSpecKiB * 1024;
  return fits ? [] : [`gmsaCredentialSpec size must be under ${maxCredentialSpecKiB} KiB`];
}

export function validateWindowsOptions(options: Options | undefined, at: FieldPath): FieldError[] {
  if (options === undefined) return [];
  const { gmsaCredentialSpecName, gmsaCredentialSpec, runAsUserName } = options;
  return [
    ...(gmsaCredentialSpecName === undefined
      ? []
      : validateForm(gmsaCredentialSpecName, at.child('gmsaCredentialSpecName'), dns1123Subdomain)),
    ...(gmsaCredentialSpec === undefined ? [] : validateForm(gmsaCredentialSpec, at.child('gmsaCredentialSpec'), credentialSpecProblems)),
    ...(runAsUserName === undefined ? [] : validateForm(runAsUserName, at.child('runAsUserName'), userNameProblems)),
  ];
}

/** Containers that run as processes of their host: all of a pod or none, and on the host's network. */
export function validateHostProcesses(spec: PodSpec, at: FieldPath): FieldError[] {
  const ofPod = spec.securityContext?.windowsOptions?.hostProcess;
  const containers = containersOf(spec, at);
  const differing = containers.flatMap(([{ securityContext }, here]) => {
    const own = securityContext?.windowsOptions?.hostProcess;
    if (ofPod === undefined || own === undefined || own === ofPod) return [];
    const detail = `pod hostProcess value must be identical if both are specified, was ${ofPod}`;
    return [invalidField(here.child('securityContext', 'windowsOptions', 'hostProcess'), own, detail)];
  });
  const count = containers.filter(([{ securityContext }]) => securityContext?.windowsOptions?.hostProcess ?? ofPod).length;
  if (count === 0) return differing;
  const mixed = 'If pod contains any hostProcess containers then all containers must be HostProcess containers';
  const onNetwork = 'hostNetwork must be true if pod contains any hostProcess containers';
  return [
    ...differing,
    ...(count === containers.length ? [] : [invalidField(at, '', mixed)]),
    ...(spec.hostNetwork ? [] : [invalidField(at.child('hostNetwork'), false, onNetwork)]),
  ];
}
