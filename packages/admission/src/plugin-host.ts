import type { Authorizer, Json, Log, ObjectAccess } from '@keelson/machinery';

/** What a server gives to the admission plugins that it makes. */
export interface PluginHost {
  readonly objects: ObjectAccess;
  /** The same that decides on requests. */
  readonly authorizer: Authorizer;
  /** Parts of `--admission-control-config-file` by the plugin they are for, parsed and not yet checked. */
  readonly configurations: ReadonlyMap<string, Json>;
  readonly log: Log;
}
