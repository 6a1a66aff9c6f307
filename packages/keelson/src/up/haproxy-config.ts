export interface HaproxyServer {
  readonly name: string;
  readonly host: string;
  readonly port: number;
}

export interface HaproxyOptions {
  /** Addresses to listen on, such as `127.0.0.1:6443`. */
  readonly bind: string;
  readonly servers: readonly HaproxyServer[];
  /** Authority of the servers' certificates. */
  readonly caFile: string;
  /** Certificate and key shown with health checks. */
  readonly clientPemFile: string;
  /** Servers are named by DNS and may change address: look names up again. */
  readonly resolveNames?: boolean;
}

/**
 * TLS passes through untouched, so that client certificates and HTTP/2 reach the API servers. A server is out two
 * seconds after its /readyz fails, which is less than `--shutdown-delay-duration` of the servers; when it is gone for
 * good, its connections are cut instead of left to time out. Watches are silent for minutes: only dead peers are
 * noticed (keep-alive), idle ones are left alone.
 */
export function haproxyConfig({ bind, servers, caFile, clientPemFile, resolveNames = false }: HaproxyOptions): string {
  const serverOptions = [
    'check check-ssl check-alpn http/1.1 check-sni kubernetes',
    `verify required ca-file ${quote(caFile)} crt ${quote(clientPemFile)}`,
    'inter 1s fall 2 rise 2 on-marked-down shutdown-sessions',
    ...(resolveNames ? ['resolvers system init-addr last,libc,none'] : []),
  ].join(' ');
  return `global
    log stdout format raw local0 notice
    hard-stop-after 60s

defaults
    log global
    mode tcp
    option dontlognull
    option redispatch
    retries 3
    option clitcpka
    option srvtcpka
    timeout connect 5s
    timeout check 2s
    timeout client 24h
    timeout server 24h
    timeout tunnel 24h
${resolveNames ? '\nresolvers system\n    parse-resolv-conf\n    hold valid 5s\n' : ''}
frontend kubernetes
    bind ${bind}
    default_backend apiservers

backend apiservers
    balance leastconn
    option httpchk GET /readyz
    http-check send hdr Host kubernetes
    http-check expect status 200
    default-server ${serverOptions}
${servers.map(({ name, host, port }) => `    server ${name} ${host}:${port}`).join('\n')}
`;
}

/** Spaces and quotes separate words in HAProxy's configuration. */
const quote = (path: string): string => (/[\s"'#\\]/.test(path) ? `"${path.replace(/["\\$]/g, '\\$&')}"` : path);
