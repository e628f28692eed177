import { settingsErrors } from '../errors/settings.ts';
import { propertiesOf, readConfigFile } from './config-file.ts';
import { type ConnectorRequest, connectorRequest } from './connector-request.ts';
import { flatConfig, isJsonObject, parseKeepingNumbers } from './flat-json.ts';

/** A connector to be made when the worker starts. */
export interface ConnectorFile extends ConnectorRequest {
  readonly file: string;
  readonly name: string;
}

const what = 'connector file';

const isJson = (text: string): boolean => /^\s*[{[]/.test(text);

/**
 * Reads a connector file in any of Connect's forms: a flat JSON object with a `name`, the document of a `POST /connectors`
 * (with `initial_state`; other members are ignored), or Java properties.
 *
 * Connect takes broken JSON for properties; here that is an error of its own.
 */
export async function readConnectorFile(file: string): Promise<ConnectorFile> {
  const request = await readConnectorRequest(file);
  const { name } = request;
  if (name === null || name.trim() === '') throw settingsErrors.CONNECTOR_NAME({ file });
  return { ...request, file, name };
}

/** The same, also without a name. */
export async function readConnectorRequest(file: string): Promise<ConnectorRequest> {
  const bytes = await readConfigFile(what, file, 'latin1');
  return isJson(bytes) ? fromJson(file, Buffer.from(bytes, 'latin1').toString('utf8')) : fromProperties(file, bytes);
}

/**
 * Whether a file is a connector's, complete or not: no worker is written as JSON, and none has a `connector.class`.
 *
 * One that cannot be read is not.
 */
export async function isConnectorFile(file: string): Promise<boolean> {
  try {
    const text = await readConfigFile(what, file, 'latin1');
    return isJson(text) || 'connector.class' in propertiesOf(what, file, text);
  } catch {
    return false;
  }
}

/** Fails when two files name the same connector: the second could only be refused halfway through the start. */
export function refuseSameNames(connectors: readonly ConnectorFile[]): void {
  for (const { name, file } of connectors) {
    const [first, second] = connectors.filter((other) => other.name === name).map((other) => other.file);
    if (first !== undefined && second !== undefined && first === file)
      throw settingsErrors.CONNECTOR_TWICE({ name, files: [first, second] });
  }
}

function fromProperties(file: string, text: string): ConnectorRequest {
  const config = propertiesOf(what, file, text);
  return { name: config['name'] ?? null, config, initialState: undefined };
}

function fromJson(file: string, text: string): ConnectorRequest {
  try {
    const document = parseKeepingNumbers(text);
    const isRequest = isJsonObject(document) && isJsonObject(document['config']);
    if (!isRequest) {
      const config = flatConfig(document, 'the document');
      return { name: config['name'] ?? null, config, initialState: undefined };
    }
    const request = connectorRequest(document, { strict: false });
    const inner = request.config['name'] ?? request.name;
    if (inner !== request.name) throw new SyntaxError(`name is ${request.name}, but config.name is ${inner}`);
    return { ...request, config: { ...request.config, name: inner } };
  } catch (error) {
    const reason = (error instanceof Error ? error.message : String(error)).replace(/\.$/, '');
    throw settingsErrors.CONNECTOR_JSON({ file, reason }, error);
  }
}
