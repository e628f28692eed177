/** What the JDK does with texts, numbers, dates and patterns where Kafka Connect users can see it. */
export * from './charset.ts';
export * from './date-string.ts';
export * from './float.ts';
export * from './hash-order.ts';
export * from './number-text.ts';
export * from './parse-number.ts';
export * from './regex/java-pattern.ts';
export * from './regex/syntax-error.ts';
export * from './simple-date-format.ts';
export * from './split.ts';
export * from './trim.ts';
export * from './utf8.ts';
