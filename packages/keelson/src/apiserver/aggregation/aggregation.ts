import { Aggregator, AggregatorLayer, type ClientCertificate } from '@keelson/aggregator';
import type { Egress } from '@keelson/machinery';
import {
  type ApiServer,
  type Log,
  readTlsFiles,
  type ServerObjects,
  type TlsFiles,
  TlsFileWatcher,
  type TlsMaterial,
} from '@keelson/server';
import { FlagError } from '../../flags/flag-error.js';
import type { ApiServerOptions } from '../options.js';

/** What extension servers serve, and how this server is known to them. */
export class Aggregation {
  readonly layer: AggregatorLayer;
  readonly #options: ApiServerOptions;
  readonly #log: Log;
  readonly #client: LoadedClient | undefined;
  #watcher: TlsFileWatcher | undefined;
  #aggregator: Aggregator | undefined;

  private constructor(options: ApiServerOptions, client: LoadedClient | undefined, log: Log) {
    this.#options = options;
    this.#client = client;
    this.#log = log;
    this.layer = new AggregatorLayer({ rejectRedirects: options.aggregator.rejectRedirects });
  }

  /** Reads the certificate of the front proxy, where there is one. */
  static async open(options: ApiServerOptions, log: Log): Promise<Aggregation> {
    const { client } = options.aggregator;
    if (client === undefined) return new Aggregation(options, undefined, log);
    const files = { certificateFile: client.certFile, keyFile: client.keyFile };
    try {
      return new Aggregation(options, { files, material: await readTlsFiles(files) }, log);
    } catch (error) {
      throw new FlagError(`--proxy-client-cert-file: ${(error as Error).message}`, { cause: error });
    }
  }

  connect(server: ApiServer, objects: ServerObjects, { cluster: dialer }: Egress): Aggregator {
    const { aggregator, services, features } = this.#options;
    const made = new Aggregator({
      server,
      layer: this.layer,
      objects,
      dialOverrides: services.dialOverrides,
      toEndpoints: aggregator.toEndpoints,
      client: this.#client && certificateOf(this.#client.material),
      dialer,
      tellsUid: features.get('RemoteRequestHeaderUID') === true,
      log: this.#log,
    });
    this.#aggregator = made;
    return made;
  }

  start(): void {
    if (this.#client === undefined) return;
    const apply = (material: TlsMaterial) => this.#aggregator?.useClientCertificate(certificateOf(material));
    this.#watcher = new TlsFileWatcher(this.#client.files, this.#client.material, apply, this.#log, 'the certificate of the front proxy');
    this.#watcher.start();
  }

  close(): void {
    this.#watcher?.close();
    this.#aggregator?.close();
  }
}

interface LoadedClient {
  readonly files: TlsFiles;
  readonly material: TlsMaterial;
}

function certificateOf({ certificate, key }: TlsMaterial): ClientCertificate {
  return { certificate: String(certificate), key: String(key) };
}
