import { boolean } from './config-kinds.ts';

/** The key of most transformations: `...replaceNullField` in the declaration of their config. */
export const replaceNullField = {
  'replace.null.with.default': boolean({
    default: true,
    doc: 'Whether fields that are null take the default of their schema; else they stay null.',
  }),
};
