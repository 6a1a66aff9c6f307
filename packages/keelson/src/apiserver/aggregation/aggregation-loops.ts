import type { Aggregator } from '@keelson/aggregator';
import { ApiServiceRegistration, LocalAvailability, RemoteAvailability } from '@keelson/controllers';
import type { ApiServer } from '@keelson/server';
import type { ControlLoop, Controller } from '../controllers/control-loops.js';
import type { ApiServerOptions } from '../options.js';

/** The loops about APIServices, in the order in which kube-apiserver lists them among the checks of its health. */
export function aggregationLoops(
  { loopback, objects, served, instruments: { queues } }: ApiServer,
  aggregator: Aggregator,
  options: ApiServerOptions,
  onFailure: (error: unknown) => void,
): ControlLoop[] {
  if (!served.some(({ group, version }) => group === 'apiregistration.k8s.io' && version === 'v1')) return [];
  const access = { objects, client: loopback, onFailure, queues };
  const loop = (hook: string, ...controllers: Controller[]): ControlLoop => ({ hook, controllers });
  const registration = new ApiServiceRegistration(loopback, served, onFailure, queues);
  const registered = () => {
    if (registration.missing.length > 0) throw new Error(`missing APIService: [${registration.missing.join(' ')}]`);
  };
  return [
    ...(options.aggregator.client === undefined ? [] : [loop('aggregator-reload-proxy-client-cert')]),
    loop('start-kube-aggregator-informers'),
    loop('apiservice-status-local-available-controller', new LocalAvailability(access)),
    loop('apiservice-status-remote-available-controller', new RemoteAvailability(access, aggregator)),
    loop('apiservice-registration-controller'),
    loop('apiservice-wait-for-first-sync'),
    loop('apiservice-discovery-controller'),
    loop('kube-apiserver-autoregistration', registration),
    { check: { name: 'autoregister-completion', passes: registered }, controllers: [] },
    loop('apiservice-openapi-controller'),
    loop('apiservice-openapiv3-controller'),
  ];
}
