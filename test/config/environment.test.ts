import { expect, test } from 'vitest';
import { settingsFromEnvironment } from '../../src/config/environment.ts';

test('one underscore is a dot, two are a dash, three are an underscore', () => {
  expect(
    settingsFromEnvironment({
      CONNECT_BOOTSTRAP_SERVERS: 'broker:9092',
      CONNECT_VALUE_CONVERTER_SCHEMAS_ENABLE: 'false',
      CONNECT_PRODUCER_SOME__KEY: 'dash',
      CONNECT_PRODUCER_SOME___KEY: 'underscore',
      CONNECT_: 'no key',
      CONNECT: 'other',
      PATH: '/bin',
    }),
  ).toEqual({
    'bootstrap.servers': 'broker:9092',
    'value.converter.schemas.enable': 'false',
    'producer.some-key': 'dash',
    'producer.some_key': 'underscore',
  });
});
