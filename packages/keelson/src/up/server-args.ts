import { join } from 'node:path';
import type { GivenFlag } from '../flags/parse-flags.js';
import { certificateFile, keyFile } from '../pki/pki-files.js';
import { isOwnFlag } from './up-flags.js';

/** Flag values by name, in the order they are written. */
export type FlagTexts = Readonly<Record<string, string>>;

/**
 * The command line of one API server: `required` always, `defaults` where the user says nothing, then what the user
 * says. `--runtime-config` is a set of settings, so there the user's come on top of the default.
 */
export function serverArgs(required: FlagTexts, defaults: FlagTexts, given: readonly GivenFlag[]): readonly string[] {
  const handedOn = given.filter(({ name }) => !isOwnFlag(name));
  const names = new Set(handedOn.map(({ name }) => name));
  const kept = Object.entries(defaults).filter(
    ([name]) => name === 'runtime-config' || !(names.has(name) || names.has(inPlaceOf[name] ?? '')),
  );
  return [...Object.entries(required), ...kept, ...handedOn.map(({ name, text }) => [name, text] as const)].map(
    ([name, text]) => `--${name}=${text}`,
  );
}

/** Flags that exclude the one whose default they stand in for. */
const inPlaceOf: FlagTexts = { 'authorization-mode': 'authorization-config' };

/** What every API server of a local cluster is told, given the PKI directory. */
export function commonDefaults(pkiDir: string): FlagTexts {
  return {
    'tls-cert-file': certificateFile(pkiDir, 'apiserver'),
    'tls-private-key-file': keyFile(pkiDir, 'apiserver'),
    'client-ca-file': certificateFile(pkiDir, 'ca'),
    'requestheader-client-ca-file': certificateFile(pkiDir, 'front-proxy-ca'),
    'requestheader-allowed-names': 'front-proxy-client',
    'requestheader-username-headers': 'X-Remote-User',
    'requestheader-uid-headers': 'X-Remote-Uid',
    'requestheader-group-headers': 'X-Remote-Group',
    'requestheader-extra-headers-prefix': 'X-Remote-Extra-',
    'proxy-client-cert-file': certificateFile(pkiDir, 'front-proxy-client'),
    'proxy-client-key-file': keyFile(pkiDir, 'front-proxy-client'),
    'kubelet-client-certificate': certificateFile(pkiDir, 'apiserver-kubelet-client'),
    'kubelet-client-key': keyFile(pkiDir, 'apiserver-kubelet-client'),
    'service-account-issuer': 'https://kubernetes.default.svc.cluster.local',
    'service-account-key-file': join(pkiDir, 'sa.pub'),
    'service-account-signing-key-file': join(pkiDir, 'sa.key'),
    // Nothing else runs beside the servers of a local cluster.
    controllers: '*',
    'root-ca-file': certificateFile(pkiDir, 'ca'),
    'allow-privileged': 'true',
    'authorization-mode': 'Node,RBAC',
    'enable-admission-plugins': 'NodeRestriction',
    'runtime-config': 'api/beta=true,api/legacy=true',
  };
}
