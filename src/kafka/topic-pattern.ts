import { JavaPattern } from '../java/regex/java-pattern.ts';

/** Tells topics by their whole names. */
export interface TopicPattern {
  test(topic: string): boolean;
}

/**
 * What a pattern in Java's syntax matches from the first letter to the last, as Connect's `topics.regex`.
 *
 * Throws a `PatternSyntaxError` with Java's message; `test` throws a `MatchTimeout` when the pattern backtracks without end on a name.
 */
export function topicPattern(pattern: string): TopicPattern {
  const compiled = new JavaPattern(pattern);
  return { test: (topic) => compiled.matches(topic) };
}
