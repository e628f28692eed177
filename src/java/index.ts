/** What the JDK does with texts, numbers and dates where Kafka Connect users can see it. */
export * from './charset.ts';
export * from './date-string.ts';
export * from './number-text.ts';
export * from './parse-number.ts';
export * from './trim.ts';
export * from './utf8.ts';
