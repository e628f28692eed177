/** A number token with a point or an exponent, as it was written. */
export class JsonReal {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** A parsed document that has lost nothing: integers beyond 2^53 are `bigint`, numbers that need their digits are `JsonReal`. */
export type JsonNode = null | boolean | string | number | bigint | JsonReal | readonly JsonNode[] | JsonObject;

export interface JsonObject {
  readonly [member: string]: JsonNode;
}

export const isNumberNode = (node: JsonNode): node is number | bigint | JsonReal =>
  typeof node === 'number' || typeof node === 'bigint' || node instanceof JsonReal;

export const isObjectNode = (node: JsonNode | undefined): node is JsonObject =>
  typeof node === 'object' && node !== null && !Array.isArray(node) && !(node instanceof JsonReal);

/** What Connect's messages call a node. */
export function nodeType(node: JsonNode): 'NULL' | 'BOOLEAN' | 'STRING' | 'NUMBER' | 'ARRAY' | 'OBJECT' {
  if (node === null) return 'NULL';
  if (isNumberNode(node)) return 'NUMBER';
  if (typeof node === 'boolean') return 'BOOLEAN';
  if (typeof node === 'string') return 'STRING';
  return Array.isArray(node) ? 'ARRAY' : 'OBJECT';
}
