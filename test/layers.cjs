// What may import what: see src/README.md, "Layers". `npm run layers` fails when a rule is broken or when nothing was read.
const only = (name, from, allowed, comment) => ({
  name,
  severity: 'error',
  comment,
  from: { path: from },
  to: { path: '^(src|operators|connectors|test)/', pathNot: `${from}|${allowed.length > 0 ? allowed.join('|') : '^$'}` },
});
const single = (name, target, holders) => ({
  name: `only-${name}`,
  severity: 'error',
  from: { path: '^(src|operators|connectors)/', pathNot: holders },
  to: { path: target },
});

const L0 = '^src/(record|errors|telemetry|java|tls)/';

module.exports = {
  forbidden: [
    only('record', '^src/record/', ['^src/(errors|java)/'], 'L0 knows nobody'),
    only('java', '^src/java/', ['^src/errors/'], 'L0: what the JDK does, as pure functions'),
    only('tls', '^src/tls/', ['^src/errors/'], 'L0: key and trust stores'),
    only('errors', '^src/errors/', [], 'L0 knows nobody'),
    only('telemetry', '^src/telemetry/', ['^src/(record|errors)/'], 'L0'),
    only('sdk', '^src/sdk/', [L0], 'L1'),
    only('graph', '^src/graph/', [L0, '^src/sdk/'], 'L2, pure'),
    only('schedule', '^src/schedule/', [L0, '^src/(sdk|graph)/'], 'L2, pure'),
    only('kafka', '^src/kafka/', [L0, '^src/sdk/'], 'L2, adapter'),
    only('store', '^src/store/', [L0, '^src/(sdk|kafka)/'], 'L2, adapter'),
    only(
      'built-ins',
      '^(operators|connectors|src/converters)/',
      ['^src/sdk/index', '^connectors/kafka/', '^src/kafka/index'],
      'as third parties: sluice/sdk only',
    ),
    only('config', '^src/config/', [L0, '^src/sdk/'], 'L3'),
    only('plugins', '^src/plugins/', [L0, '^src/(sdk|graph|config|converters)/', '^(operators|connectors)/'], 'L3'),
    only('worker', '^src/worker/', [L0, '^src/(sdk|graph|schedule|kafka|store|plugins|config)/'], 'L3'),
    only('rest', '^src/rest/', [L0, '^src/(sdk|graph|plugins|config|worker)/'], 'L5'),
    only('testing', '^src/testing/', [L0, '^src/(sdk|graph|schedule|kafka|plugins)/'], 'published kit'),
    { name: 'kafka-token', severity: 'error', from: { path: '^connectors/', pathNot: '^connectors/kafka/' }, to: { path: '^src/kafka/' } },
    { name: 'nothing-imports-tests', severity: 'error', from: { path: '^(src|operators|connectors)/' }, to: { path: '^test/' } },
    single('kafkajs', '^node_modules/kafkajs', '^src/kafka/kafkajs/'),
    single('sqlite', '^(node:)?sqlite$', '^src/(kafka/embedded|store)/'),
    single('fastify', '^node_modules/@?fastify', '^src/rest/'),
    single('pino', '^node_modules/pino', '^src/telemetry/'),
    single('rxjs-testing', 'rxjs/.*testing', '^src/testing/'),
    {
      name: 'pure',
      severity: 'error',
      comment: 'I7: no Node built-in inside record, graph, schedule, operators',
      // A backtracking match can only be stopped by a time limit of node:vm.
      from: { path: '^(src/(record|java|graph|schedule)|operators)/', pathNot: '^src/java/regex/java-pattern' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'no-cycles',
      severity: 'error',
      from: { path: '^(src|operators|connectors)/' },
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)dist/' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['source', 'import', 'node', 'default'] },
  },
};
