import {
  type Conversion,
  config,
  convertSide,
  dataException,
  defineForSides,
  int,
  replaceNullField,
  requireFields,
  requireStruct,
  type Schema,
  string,
  structCopier,
  withAttributes,
} from 'sluice/sdk';

/** Sets name and version of the schema of the value. */
export const { value: setSchemaMetadata, key: setSchemaMetadataKey } = defineForSides({
  name: 'set-schema-metadata',
  javaClass: 'org.apache.kafka.connect.transforms.SetSchemaMetadata',
  summary: 'Sets name and version of the schema of the value.',
  config: config(
    {
      'schema.name': string({ default: null, importance: 'high', doc: 'The new name; without it, the old one.' }),
      'schema.version': int({ default: null, importance: 'high', doc: 'The new version; without it, the old one.' }),
      ...replaceNullField,
    },
    {
      check: (settings) =>
        settings['schema.name'] === null && settings['schema.version'] === null
          ? [{ key: 'schema.name', message: 'Neither schema name nor version configured' }]
          : [],
    },
  ),
  create: ({ 'schema.name': name, 'schema.version': version, 'replace.null.with.default': replaceNulls }, side) =>
    convertSide(side, {
      schemaless: (value) => {
        if (value === null) return null;
        throw dataException('Schema required for [updating schema metadata]');
      },
      withSchema: (schema) => conversion(schema, { name, version }, replaceNulls),
    }),
});

interface Metadata {
  readonly name: string | null;
  readonly version: number | null;
}

function conversion(schema: Schema, { name, version }: Metadata, replaceNulls: boolean): Conversion {
  requireFields(schema);
  const copy = structCopier(schema, replaceNulls);
  return {
    schema: withAttributes(schema, { name: name ?? schema.name, version: version ?? schema.version }),
    of: (value) => (value === null ? null : copy(requireStruct(schema, value, 'updating schema metadata'))),
  };
}
