import { type FlatConfig, flatConfig, isJsonObject, textOf } from './flat-json.ts';

/** What `POST /connectors` carries, and a connector file of that form. */
export interface ConnectorRequest {
  readonly name: string | null;
  readonly config: FlatConfig;
  readonly initialState: 'STARTED' | 'PAUSED' | 'STOPPED' | undefined;
}

const targetStates = { RUNNING: 'STARTED', PAUSED: 'PAUSED', STOPPED: 'STOPPED' } as const;
const known = ['name', 'config', 'initial_state'];

/** Reads the document of a `POST /connectors`; `strict` refuses members that Connect does not know. Throws a `SyntaxError` naming what is wrong. */
export function connectorRequest(document: unknown, { strict }: { readonly strict: boolean }): ConnectorRequest {
  if (!isJsonObject(document)) throw new SyntaxError('The request has to be an object: {"name": "…", "config": {…}}');
  const unknown = Object.keys(document).find((member) => !known.includes(member));
  if (strict && unknown !== undefined) throw new SyntaxError(`Unrecognized field "${unknown}"; the known ones are ${known.join(', ')}`);
  if ((document['config'] ?? null) === null) throw new SyntaxError('config is missing: {"name": "…", "config": {…}}');
  return {
    name: textOf(document['name'] ?? null, 'name'),
    config: flatConfig(document['config'], 'config'),
    initialState: initialState(textOf(document['initial_state'] ?? null, 'initial_state')),
  };
}

function initialState(text: string | null): ConnectorRequest['initialState'] {
  if (text === null) return undefined;
  const state = text.toUpperCase();
  if (state === 'RUNNING' || state === 'PAUSED' || state === 'STOPPED') return targetStates[state];
  throw new SyntaxError(`initial_state has to be one of ${Object.keys(targetStates).join(', ')}, but it is ${text}`);
}
