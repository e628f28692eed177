import type { FastifyInstance } from 'fastify';
import { settingsErrors } from '../errors/settings.ts';

const actions = ['set', 'add', 'setDate', 'addDate'] as const;

/** One rule of `response.http.headers.config`. */
export interface HeaderRule {
  readonly action: (typeof actions)[number];
  readonly name: string;
  /** Of a date: milliseconds from now. */
  readonly value: string;
}

/** Reads `action name:value` rules; commas stand between them, and a rule that holds one is quoted. */
export const parseHeaderRules = (text: string): readonly HeaderRule[] => split(text).map(parseRule);

/** Adds headers to every answer, before anything that may answer. */
export function addResponseHeaders(server: FastifyInstance, rules: readonly HeaderRule[]): void {
  if (rules.length === 0) return;
  server.addHook('onRequest', async (_request, reply) => {
    for (const { action, name, value } of rules) {
      const rendered = action.endsWith('Date') ? new Date(Date.now() + Number(value)).toUTCString() : value;
      if (action.startsWith('set')) reply.removeHeader(name);
      const before = reply.getHeader(name);
      reply.header(name, before === undefined ? rendered : [before, rendered].flat().map(String));
    }
  });
}

function split(text: string): readonly string[] {
  const rules = text.match(/"[^"]*"|[^,"]+/g) ?? [];
  return rules.map((rule) => rule.replace(/^"|"$/g, '').trim()).filter((rule) => rule !== '');
}

function parseRule(rule: string): HeaderRule {
  const [, action = '', name = '', value = ''] = /^(\S+)\s+([^\s:]+)\s*:\s*(.*)$/.exec(rule) ?? [];
  const known = actions.find((each) => each.toLowerCase() === action.toLowerCase());
  const isDate = known?.endsWith('Date') ?? false;
  if (known === undefined || (isDate && !/^-?\d+$/.test(value)) || !/^[\w!#$%&'*+.^`|~-]+$/.test(name) || /[\r\n]/.test(value)) {
    throw settingsErrors.HEADER_RULE({ rule });
  }
  return { action: known, name, value };
}
