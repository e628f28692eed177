import { errorTable } from './error-table.ts';

interface Facts {
  /** As `broker host:port`, or `the broker`. */
  readonly broker: string;
  readonly reason: string;
}

/** Why there is no connection to a real broker; each names the client property to look at. */
export const connectionErrors = errorTable('KAFKA_CONNECTION', {
  UNREACHABLE: {
    message: ({ broker, reason }: Facts) => `Connecting to ${broker} failed: ${reason}.`,
    remedy: 'Check bootstrap.servers, and that the broker runs and advertises an address that is reachable from here.',
    retriable: true,
  },
  CLOSED: {
    message: ({ broker }: Facts) => `Connections to ${broker} are closed without an answer.`,
    remedy:
      'Check that security.protocol is that of the listener at this port of bootstrap.servers: with TLS it is SSL or SASL_SSL, with a login SASL_PLAINTEXT or SASL_SSL.',
    retriable: true,
  },
  HANDSHAKE_CUT: {
    message: ({ broker }: Facts) => `The TLS handshake with ${broker} is cut off.`,
    remedy:
      'Check that the listener at this port of bootstrap.servers speaks TLS; if not, set security.protocol to PLAINTEXT or SASL_PLAINTEXT.',
    retriable: true,
  },
  NOT_TLS: {
    message: ({ broker, reason }: Facts) => `TLS is not what ${broker} speaks: ${reason}.`,
    remedy: 'Set security.protocol to PLAINTEXT or SASL_PLAINTEXT, or use the port of a TLS listener in bootstrap.servers.',
  },
  UNTRUSTED: {
    message: ({ broker, reason }: Facts) => `The certificate of ${broker} is not trusted: ${reason}.`,
    remedy: 'Put the certificate of the authority that signed it into ssl.truststore.location or ssl.truststore.certificates.',
  },
  HOST_NAME: {
    message: ({ broker, reason }: Facts) => `The certificate of ${broker} is for another host: ${reason}.`,
    remedy:
      'Use a name in bootstrap.servers and advertised.listeners that the certificate holds, or set ssl.endpoint.identification.algorithm to nothing to accept any.',
  },
  CERTIFICATE_TIME: {
    message: ({ broker, reason }: Facts) => `The certificate of ${broker} cannot be used now: ${reason}.`,
    remedy:
      'Renew it in the key store of the broker, or renew its authority in ssl.truststore.location; check the clock of this machine too.',
  },
  CLIENT_CERTIFICATE: {
    message: ({ broker, reason }: Facts) => `The certificate of this client, or that it has none, is not accepted by ${broker}: ${reason}.`,
    remedy: 'Set ssl.keystore.location, or ssl.keystore.key and ssl.keystore.certificate.chain, to one whose authority the broker trusts.',
  },
  TLS_VERSION: {
    message: ({ broker, reason }: Facts) => `No version of TLS or cipher is common to this client and ${broker}: ${reason}.`,
    remedy: 'Check ssl.enabled.protocols and ssl.cipher.suites.',
  },
  LOGIN: {
    message: ({ broker, reason }: Facts) => `Login at ${broker} is refused: ${reason}.`,
    remedy: 'Check username and password in sasl.jaas.config, and that the broker knows them for this sasl.mechanism.',
  },
  TOKEN: {
    message: ({ broker, reason }: Facts) => `The token of this client is refused by ${broker}: ${reason}.`,
    remedy: 'Check that the listener takes tokens of sasl.oauthbearer.token.endpoint.url, and sasl.oauthbearer.scope.',
  },
  MECHANISM: {
    message: ({ broker, reason }: Facts) => `This kind of login is not offered by ${broker}: ${reason}.`,
    remedy: 'Set sasl.mechanism to one of sasl.enabled.mechanisms of the listener.',
  },
  NO_LOGIN: {
    message: ({ broker }: Facts) => `No login is taken at this port by ${broker}.`,
    remedy: 'Set security.protocol to PLAINTEXT or SSL, or use the port of a SASL listener in bootstrap.servers.',
  },
});
