export const topic = 'quickstart';

const text = 'org.apache.kafka.connect.storage.StringConverter';

/** The two connectors, word for word as for Kafka Connect. */
export const connectors = (input: string, output: string) => ({
  source: {
    name: 'quickstart-source',
    'connector.class': 'org.apache.kafka.connect.file.FileStreamSourceConnector',
    'tasks.max': '1',
    file: input,
    topic,
    'key.converter': text,
    'value.converter': text,
  },
  sink: {
    name: 'quickstart-sink',
    'connector.class': 'org.apache.kafka.connect.file.FileStreamSinkConnector',
    'tasks.max': '1',
    file: output,
    topics: topic,
    'key.converter': text,
    'value.converter': text,
  },
});
