import { checkField, config, convertSide, defineForSides, string, structSchema } from 'sluice/sdk';

/** Wraps the value in a struct, or a map where it has no schema, with one field. */
export const { value: hoistField, key: hoistFieldKey } = defineForSides({
  name: 'hoist-field',
  javaClass: 'org.apache.kafka.connect.transforms.HoistField',
  summary: 'Wraps the value in a struct or map with one field.',
  config: config({ field: string({ doc: 'Name of the field.' }) }),
  create: ({ field }, side) =>
    convertSide(side, {
      schemaless: (value) => ({ [field]: value }),
      withSchema: (schema) => ({
        schema: structSchema([[field, schema]]),
        of: (value) => {
          if (value === null && !schema.optional) checkField(field, schema, null);
          return { [field]: value };
        },
      }),
    }),
});
