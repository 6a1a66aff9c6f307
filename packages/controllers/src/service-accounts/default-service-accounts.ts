import type { ControllerAccess } from '../controller-access.js';
import { ObjectPerNamespace } from './object-per-namespace.js';

/** Keeps a service account `default` in every namespace: pods that name none run under it. */
export class DefaultServiceAccounts extends ObjectPerNamespace {
  constructor(access: ControllerAccess) {
    super(access, { resource: { group: '', version: 'v1', resource: 'serviceaccounts' }, name: 'default', queue: 'serviceaccount' });
  }
}
