import { joinHostPort } from '@keelson/machinery';
import { core, discovery } from '@keelson/schema';
import { age, col, defineResource, nameColumn } from '@keelson/server';
import { deprecationText } from '../conversion/deprecation-text.js';
import { validateEndpoints } from './endpoints-validation.js';
import { endpointsWarnings } from './endpoints-warnings.js';

type Endpoints = core.v1.Endpoints;

/** A table names this many addresses and counts the rest. */
const shownAddresses = 3;

function addresses({ addresses, ports }: core.v1.EndpointSubset): string[] {
  const ips = (addresses ?? []).map(({ ip }) => ip);
  return ports?.length ? ports.flatMap(({ port }) => ips.map((ip) => joinHostPort(ip, port))) : ips;
}

function endpointsText({ subsets }: Endpoints): string {
  if (!subsets?.length) return '<none>';
  const all = subsets.flatMap(addresses);
  const shown = all.slice(0, shownAddresses).join(',');
  return all.length > shownAddresses ? `${shown} + ${all.length - shownAddresses} more...` : shown;
}

export const endpoints = defineResource<Endpoints>(core.v1.Endpoints, {
  names: { plural: 'endpoints', singular: 'endpoints', short: ['ep'] },
  scope: 'Namespaced',
  storage: { key: 'services/endpoints' },
  createOnUpdate: true,
  defaults({ subsets }) {
    for (const { ports } of subsets ?? []) for (const port of ports ?? []) port.protocol ||= 'TCP';
  },
  validate: validateEndpoints,
  warnings: endpointsWarnings,
  deprecationWarning: deprecationText(core.v1.Endpoints, { deprecated: '1.33', use: discovery.v1.EndpointSlice }),
  columns: [nameColumn(), col('Endpoints', endpointsText), age()],
});
