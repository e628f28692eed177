import type { ConfigDefinition } from './config.ts';
import { type CallableOperator, defineOperator } from './define.ts';
import type { BatchOperator, OperatorContext, Touches } from './operator.ts';
import { keySide, type Side, valueSide } from './side.ts';

interface SidesSpec<C, I> {
  /** Of the operator on values; the one on keys is called `name-key`. */
  readonly name: string;
  /** Java class that the two nested classes `$Value` and `$Key` belong to. */
  readonly javaClass: string;
  /** Says what happens to "the value"; of keys the same is said. */
  readonly summary: string;
  readonly config: ConfigDefinition<C, I>;
  /** What it reads or writes besides its side. */
  readonly touches?: Touches;
  create(config: C, side: Side, context: OperatorContext): BatchOperator;
}

/** Two operators from one declaration: on the value and on the key of records, as Connect's `X$Value` and `X$Key`. */
export function defineForSides<C, I>(
  spec: SidesSpec<C, I>,
): {
  readonly value: CallableOperator<C, I>;
  readonly key: CallableOperator<C, I>;
} {
  return { value: onSide(spec, valueSide), key: onSide(spec, keySide) };
}

function onSide<C, I>({ name, javaClass, summary, config, touches = [], create }: SidesSpec<C, I>, side: Side): CallableOperator<C, I> {
  const isKey = side.part === 'key';
  return defineOperator({
    name: isKey ? `${name}-key` : name,
    aliases: [`${javaClass}$${isKey ? 'Key' : 'Value'}`],
    summary: isKey ? summary.replace(/\bvalues?\b/g, (word) => word.replace('value', 'key')) : summary,
    config,
    touches: [side.part, ...touches],
    create: (settings, context) => create(settings, side, context),
  });
}
