import {
  type AdmissionAttributes,
  type AdmissionPlugin,
  forbidden,
  formatGroupResource,
  type GroupResource,
  type KubeObject,
  type UserInfo,
} from '@keelson/machinery';

/** A write on its way to the store, as hooks see it. */
export interface AdmissionRequest<T extends KubeObject> {
  readonly operation: 'CREATE' | 'UPDATE' | 'DELETE';
  readonly user: UserInfo;
  readonly namespace: string;
  /** May still be empty while mutating, when the name will be generated. */
  readonly name: string;
  /** Before an update. */
  readonly old: T | undefined;
  readonly dryRun: boolean;
  /** Aborted when nobody waits for the answer any more. */
  readonly signal: AbortSignal;
  warn(text: string): void;
  /** Refuses the write: 403 with this reason. */
  deny(why: string): never;
}

/** What may be written, beyond what validation can tell by an object alone: it may ask others. */
export interface AdmissionHooks<T extends KubeObject> {
  /** Changes a new state, in place. */
  mutate?(object: T, request: AdmissionRequest<T>): void | Promise<void>;
  /** Judges the final state, of a DELETE the last one. */
  validate?(object: T, request: AdmissionRequest<T>): void | Promise<void>;
}

/** Asks the hooks of a resource, after all plugins of the cluster. */
export function admissionHookPlugin<T extends KubeObject>(of: GroupResource, { mutate, validate }: AdmissionHooks<T>): AdmissionPlugin {
  const isAbout = ({ resource, subresource }: AdmissionAttributes) =>
    subresource === '' && resource.resource === of.resource && resource.group === of.group;
  return {
    name: formatGroupResource(of),
    handles: (operation) => operation !== 'CONNECT',
    ...(mutate && {
      admit(attributes) {
        if (isAbout(attributes) && attributes.object !== undefined) return mutate(attributes.object as T, requestOf<T>(attributes));
      },
    }),
    ...(validate && {
      validate(attributes) {
        const judged = attributes.object ?? attributes.oldObject;
        if (isAbout(attributes) && judged !== undefined) return validate(judged as T, requestOf<T>(attributes));
      },
    }),
  };
}

function requestOf<T extends KubeObject>(attributes: AdmissionAttributes): AdmissionRequest<T> {
  const { operation, user, namespace, name, oldObject, dryRun, signal, resource } = attributes;
  return {
    operation: operation as AdmissionRequest<T>['operation'],
    user,
    namespace,
    name,
    old: oldObject as T | undefined,
    dryRun,
    signal,
    warn: (text) => attributes.warn(text),
    deny(why) {
      throw forbidden(resource, name, why);
    },
  };
}
