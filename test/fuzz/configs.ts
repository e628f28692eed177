/** Reads changed settings with every parser of configs: see converters.ts. `npm run fuzz -- configs 1_000_000 SEED` */
import { flatConfig, parseKeepingNumbers } from '../../src/config/flat-json.ts';
import { parseProperties } from '../../src/config/properties.ts';
import { javaClassOfError } from '../../src/errors/java-class-of-error.ts';
import { transformChain } from '../../src/graph/chain.ts';
import { JavaPattern, MatchTimeout } from '../../src/java/regex/java-pattern.ts';
import { PatternSyntaxError } from '../../src/java/regex/syntax-error.ts';
import { PluginRegistry } from '../../src/plugins/registry.ts';
import type { RawConfig } from '../../src/sdk/index.ts';
import { java } from '../../src/sdk/index.ts';
import { loadPlugins } from '../../src/testing/load-plugins.ts';
import { datePattern, dateText } from '../recorded/generate/dates.ts';
import type { Dice } from '../recorded/generate/dice.ts';
import { regexText, topicText } from '../recorded/generate/regexes.ts';
import { badConfigCase } from '../recorded/generate/validations.ts';
import { fuzzSubjects, type TextSubject } from './converters.ts';

const isSyntax = (error: unknown): boolean => error instanceof SyntaxError;
const configOf = (dice: Dice): RawConfig => (JSON.parse(badConfigCase(dice, '0')) as { readonly config: RawConfig }).config;

/** Every operator and predicate, so that a chain is built without waiting. */
async function allPlugins() {
  const names = new PluginRegistry().entries.filter(({ kind }) => kind === 'operator' || kind === 'predicate');
  return loadPlugins(names);
}

export async function configSubjects(): Promise<readonly TextSubject[]> {
  const lookup = await allPlugins();
  return [
    {
      name: 'properties',
      valid: (dice) =>
        Object.entries(configOf(dice))
          .map(
            ([key, value]) =>
              `${key}${dice.pick(['=', ' = ', ':', ' '])}${String(value)}${dice.chance(0.1) ? '\\\n  more' : dice.chance(0.2) ? '\\u00e9' : ''}`,
          )
          .join('\n'),
      read: (text) => parseProperties(text),
      isTyped: isSyntax,
    },
    {
      name: 'connector JSON',
      valid: (dice) => JSON.stringify({ name: 'c', config: configOf(dice) }),
      read: (text) => {
        const document = parseKeepingNumbers(text) as { readonly config?: unknown };
        flatConfig(document.config ?? document, 'config');
      },
      // What is no object at all is refused before, by whoever reads the file.
      isTyped: (error) => isSyntax(error) || error instanceof TypeError,
    },
    {
      name: 'chains of transforms',
      valid: (dice) => JSON.stringify(configOf(dice)),
      read: (text) => {
        let config: RawConfig;
        try {
          config = flatConfig(parseKeepingNumbers(text), 'config');
        } catch {
          return;
        }
        transformChain(config, lookup);
      },
      isTyped: (error) => javaClassOfError(error) !== undefined,
    },
    {
      name: 'regular expressions',
      valid: (dice) => regexText(dice, true),
      read: (text, dice) => {
        const pattern = new JavaPattern(text, { timeLimitMs: 50 });
        pattern.matches(topicText(dice));
        pattern.replaceFirst('a'.repeat(30), '$0');
      },
      isTyped: (error) => error instanceof PatternSyntaxError || error instanceof MatchTimeout,
    },
    {
      name: 'date patterns',
      valid: datePattern,
      read: (text, dice) => {
        const format = new java.SimpleDateFormat(text, 0);
        format.format(dice.whole(-8e15, 8e15));
        format.parse(dateText(dice, text));
      },
      isTyped: (error) => javaClassOfError(error) !== undefined,
    },
  ];
}

export const fuzzConfigs = async (cases = 1_000_000, seed = 1, only = ''): Promise<boolean> =>
  fuzzSubjects(await configSubjects(), cases, seed, only);
