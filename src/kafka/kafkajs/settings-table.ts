import { clientDefaults } from '../client-defaults.ts';
import type { StrategyName } from './consumer/strategies.ts';
import { choice, choices, count, flag, interval, list, password, size, text, time } from './setting.ts';

/** Java client properties by what they are for. Defaults are those of Kafka's own client, but where the text says otherwise. */
export const connectionTable = {
  'bootstrap.servers': list(undefined, 'Brokers to start from, as `host:port`; the others are found through them.'),
  'client.id': text('sluice', 'Name of this client in the logs and quotas of the broker.'),
  'security.protocol': choice(
    'PLAINTEXT',
    'SSL',
    'SASL_PLAINTEXT',
    'SASL_SSL',
  )('PLAINTEXT', 'Whether connections are encrypted, and whether they log in.'),
  'request.timeout.ms': time('30000', 'How long an answer of a broker may take.'),
  'default.api.timeout.ms': time('60000', 'How long a call may take, retries included.'),
  'socket.connection.setup.timeout.ms': time('10000', 'How long a connection may take to be made.'),
  'retry.backoff.ms': time('100', 'Wait before the first repetition.'),
  'retry.backoff.max.ms': time('1000', 'Longest wait between repetitions.'),
  'reconnect.backoff.ms': time('50', 'Wait before the first new attempt to connect.'),
  'reconnect.backoff.max.ms': time('1000', 'Longest wait between attempts to connect.'),
  'metadata.max.age.ms': time(
    `${clientDefaults['metadata.max.age.ms']}`,
    'After this time topics and leaders are asked for again; less than 100 is 100.',
  ),
} as const;

export const tlsTable = {
  'ssl.truststore.type': choice(
    'PKCS12',
    'PEM',
    'JKS',
  )('JKS', 'Format of the trust store. A store in JKS is refused; Java writes PKCS12 under this default too, which is read.'),
  'ssl.truststore.location': text(undefined, 'File of the certificates that are trusted. Default: those of Node.'),
  'ssl.truststore.password': password(undefined, 'Password of the trust store.'),
  'ssl.truststore.certificates': text(undefined, 'Trusted certificates in PEM, instead of a file.'),
  'ssl.keystore.type': choice(
    'PKCS12',
    'PEM',
    'JKS',
  )('JKS', 'Format of the key store; as for the trust store, PKCS12 is recognised whatever it says.'),
  'ssl.keystore.location': text(undefined, 'File of the private key and certificate that the broker asks for.'),
  'ssl.keystore.password': password(undefined, 'Password of the key store.'),
  'ssl.keystore.key': password(undefined, 'Private key in PEM, instead of a file.'),
  'ssl.keystore.certificate.chain': text(undefined, 'Certificate chain in PEM, instead of a file.'),
  'ssl.key.password': password(undefined, 'Password of the private key itself.'),
  'ssl.endpoint.identification.algorithm': text('https', 'Empty: the name in the certificate is not compared with the host.'),
  'ssl.enabled.protocols': list('TLSv1.2,TLSv1.3', 'Versions of TLS that may be spoken.'),
  'ssl.cipher.suites': list(undefined, 'Ciphers by their OpenSSL or IANA names. Default: those of Node.'),
} as const;

export const saslTable = {
  'sasl.mechanism': choice(
    'PLAIN',
    'SCRAM-SHA-256',
    'SCRAM-SHA-512',
    'OAUTHBEARER',
    'GSSAPI',
  )('GSSAPI', 'How to log in. The default of Java, GSSAPI (Kerberos), is not supported, so it must be set.'),
  'sasl.jaas.config': password(undefined, 'Login module and its options: `…LoginModule required username="…" password="…";`.'),
  'sasl.oauthbearer.token.endpoint.url': text(undefined, 'Where OAUTHBEARER gets its token, by client credentials.'),
  'sasl.oauthbearer.client.credentials.client.id': text(undefined, 'Client id, when it is not in sasl.jaas.config.'),
  'sasl.oauthbearer.client.credentials.client.secret': password(undefined, 'Client secret, when it is not in sasl.jaas.config.'),
  'sasl.oauthbearer.scope': text(undefined, 'Scope of the token, when it is not in sasl.jaas.config.'),
} as const;

export const producerTable = {
  acks: choice('all', '-1', '1', '0')(clientDefaults.acks, 'How many replicas must have a batch before it counts as written.'),
  'enable.idempotence': flag('true', 'A repeated request is written once, in order.'),
  'compression.type': choice(
    'none',
    'gzip',
    'snappy',
    'lz4',
    'zstd',
  )(clientDefaults['compression.type'], 'Compression of batches: by Node, snappy or lz4-napi.'),
  'linger.ms': time(`${clientDefaults['linger.ms']}`, 'How long a batch waits for more records.'),
  'batch.size': size(
    `${clientDefaults['batch.size']}`,
    'Largest batch, before compression; a larger record travels alone. Kafka: 16384; fewer, larger batches cost both sides less.',
  ),
  'buffer.memory': size('33554432', 'Records waiting to be sent; at this size the producer asks for a pause.'),
  'max.request.size': size('1048576', 'Largest request; a larger record is refused by itself.'),
  'max.in.flight.requests.per.connection': count('5', 'Requests on the way to one broker.'),
  'delivery.timeout.ms': time(
    `${clientDefaults['delivery.timeout.ms']}`,
    'How long a batch may take from sending to its answer, retries included.',
  ),
  'transactional.id': text(undefined, 'Name under which transactions are fenced.'),
  'transaction.timeout.ms': time('60000', 'After this time the broker aborts an open transaction.'),
} as const;

const strategyClasses = {
  range: 'org.apache.kafka.clients.consumer.RangeAssignor',
  roundrobin: 'org.apache.kafka.clients.consumer.RoundRobinAssignor',
  'cooperative-sticky': 'org.apache.kafka.clients.consumer.CooperativeStickyAssignor',
} as const satisfies Record<StrategyName, string>;

export const consumerTable = {
  'group.id': text(undefined, 'Group under which offsets are kept.'),
  'group.instance.id': text(undefined, 'Name of a static member, which may return without a rebalance.'),
  'isolation.level': choice('read_uncommitted', 'read_committed')(
    clientDefaults['isolation.level'],
    'Whether records of open and aborted transactions are read.',
  ),
  'auto.offset.reset': choice(
    'latest',
    'earliest',
    'none',
  )(clientDefaults['auto.offset.reset'], 'Where to read when there is no offset, or it is out of range; none: fail.'),
  'fetch.max.bytes': size(
    `${clientDefaults['fetch.max.bytes']}`,
    'Fetched bytes that may wait for their reader. Kafka: 52428800, of one answer.',
  ),
  'fetch.max.wait.ms': time(`${clientDefaults['fetch.max.wait.ms']}`, 'How long an answer waits for it.'),
  'max.partition.fetch.bytes': size(`${clientDefaults['max.partition.fetch.bytes']}`, 'Largest part of one partition in an answer.'),
  'check.crcs': flag('true', 'Compare the checksum of each batch.'),
  'session.timeout.ms': time('45000', 'After this time without a heartbeat a member is dead.'),
  'heartbeat.interval.ms': time('3000', 'Time between heartbeats.'),
  'max.poll.interval.ms': interval(
    '300000',
    'After this time without progress a member leaves until it goes on; also the time it has to give partitions back.',
  ),
  'partition.assignment.strategy': choices(strategyClasses)(
    'range,cooperative-sticky',
    "How partitions may be divided, by these names, roundrobin or Java's classes. With cooperative-sticky alone they are kept while others join.",
  ),
} as const;

/** Properties of Java's clients that users have in their files and that do nothing here, with the reason. */
export const ignoredTable = {
  'key.serializer': 'records are bytes: converters write them',
  'value.serializer': 'records are bytes: converters write them',
  'key.deserializer': 'records are bytes: converters read them',
  'value.deserializer': 'records are bytes: converters read them',
  'partitioner.class': "records go where Java's default partitioner puts them",
  'interceptor.classes': 'use an operator',
  'metric.reporters': 'there are no metrics yet',
  'metrics.num.samples': 'there are no metrics yet',
  'metrics.recording.level': 'there are no metrics yet',
  'metrics.sample.window.ms': 'there are no metrics yet',
  'auto.include.jmx.reporter': 'there is no JMX',
  'enable.metrics.push': 'there are no metrics yet',
  'fetch.min.bytes': 'the first record is answered at once',
  'client.dns.lookup': 'Node resolves names, and tries each address',
  'client.rack': 'reading from the nearest replica is not supported',
  'connections.max.idle.ms': 'connections are kept',
  'send.buffer.bytes': 'the operating system sizes it',
  'receive.buffer.bytes': 'the operating system sizes it',
  'security.providers': 'there are no Java security providers',
  'ssl.protocol': 'see ssl.enabled.protocols',
  'ssl.provider': 'there are no Java security providers',
  'ssl.keymanager.algorithm': 'there are no Java security providers',
  'ssl.trustmanager.algorithm': 'there are no Java security providers',
  'ssl.secure.random.implementation': 'there are no Java security providers',
  retries: 'delivery.timeout.ms is the limit',
  'max.block.ms': 'a full buffer asks for a pause',
  'enable.auto.commit': 'offsets are committed when records are settled',
  'auto.commit.interval.ms': 'offsets are committed when records are settled',
  'max.poll.records': 'demand limits what is read',
  'exclude.internal.topics': 'topics are named',
  'allow.auto.create.topics': 'the broker decides',
} as const;

/** Properties that cannot be left out of account: what to use instead. */
export const refusedTable = {
  'ssl.engine.factory.class': 'Use ssl.keystore.* and ssl.truststore.* in PEM or PKCS12.',
  'sasl.login.class': 'Use sasl.mechanism PLAIN, SCRAM-SHA-256, SCRAM-SHA-512 or OAUTHBEARER with sasl.jaas.config.',
  'sasl.login.callback.handler.class': 'Use OAUTHBEARER with sasl.oauthbearer.token.endpoint.url.',
  'sasl.client.callback.handler.class': 'Use sasl.jaas.config.',
  'sasl.kerberos.service.name': 'Use SASL/PLAIN, SCRAM or OAUTHBEARER: Kerberos (GSSAPI) is not supported.',
} as const;
