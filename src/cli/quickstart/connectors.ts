export const topic = 'quickstart';

const text = 'org.apache.kafka.connect.storage.StringConverter';

/** The two connectors, word for word as for Kafka Connect, with a topic of this name. */
export const connectors = (input: string, output: string, name = topic) => ({
  source: {
    name: `${name}-source`,
    'connector.class': 'org.apache.kafka.connect.file.FileStreamSourceConnector',
    'tasks.max': '1',
    file: input,
    topic: name,
    'key.converter': text,
    'value.converter': text,
  },
  sink: {
    name: `${name}-sink`,
    'connector.class': 'org.apache.kafka.connect.file.FileStreamSinkConnector',
    'tasks.max': '1',
    file: output,
    topics: name,
    'key.converter': text,
    'value.converter': text,
  },
});
