/** One cluster, one user, one context between them. */
export interface Kubeconfig {
  readonly cluster: string;
  readonly server: string;
  readonly user: string;
  /** PEM; all three are embedded, so that the file can be carried elsewhere. */
  readonly certificateAuthority: string;
  readonly clientCertificate: string;
  readonly clientKey: string;
}

/** The YAML that kubectl and every client library read. */
export function renderKubeconfig(config: Kubeconfig): string {
  const context = `${config.user}@${config.cluster}`;
  return `apiVersion: v1
kind: Config
clusters:
- name: ${JSON.stringify(config.cluster)}
  cluster:
    server: ${JSON.stringify(config.server)}
    certificate-authority-data: ${base64(config.certificateAuthority)}
users:
- name: ${JSON.stringify(config.user)}
  user:
    client-certificate-data: ${base64(config.clientCertificate)}
    client-key-data: ${base64(config.clientKey)}
contexts:
- name: ${JSON.stringify(context)}
  context:
    cluster: ${JSON.stringify(config.cluster)}
    user: ${JSON.stringify(config.user)}
current-context: ${JSON.stringify(context)}
preferences: {}
`;
}

const base64 = (text: string): string => Buffer.from(text).toString('base64');
