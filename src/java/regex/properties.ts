/** Character classes of Java's `\p{…}` as members of a JavaScript class with the flag v; POSIX names are ASCII in Java. */
const posix: Readonly<Record<string, string>> = {
  Lower: 'a-z',
  Upper: 'A-Z',
  ASCII: '\\x00-\\x7F',
  Alpha: 'a-zA-Z',
  Digit: '0-9',
  Alnum: '0-9a-zA-Z',
  Punct: '!-\\/:-@\\[-`\\{-~',
  Graph: '!-~',
  Print: ' -~',
  Blank: ' \\t',
  Cntrl: '\\x00-\\x1F\\x7F',
  XDigit: '0-9a-fA-F',
  Space: ' \\t\\n\\x0B\\f\\r',
  L1: '\\x00-\\xFF',
  LC: '\\p{Lu}\\p{Ll}\\p{Lt}',
  LD: '\\p{L}\\p{Nd}',
  all: '\\p{Any}',
  javaLowerCase: '\\p{Lowercase}',
  javaUpperCase: '\\p{Uppercase}',
  javaAlphabetic: '\\p{Alphabetic}',
  javaTitleCase: '\\p{Lt}',
  javaDigit: '\\p{Nd}',
  javaLetter: '\\p{L}',
  javaLetterOrDigit: '\\p{L}\\p{Nd}',
  javaWhitespace: '\\t-\\r\\x1C-\\x1F \\u1680\\u2000-\\u2006\\u2008-\\u200A\\u2028\\u2029\\u205F\\u3000',
  javaSpaceChar: '\\p{Z}',
};

const isLegal = (source: string): boolean => {
  try {
    new RegExp(`[${source}]`, 'v');
    return true;
  } catch {
    return false;
  }
};

/** Members of a class for the property `name`, as written between the braces; `undefined`: Java knows none of that name. */
export function propertyMembers(name: string): string | undefined {
  if (Object.hasOwn(posix, name)) return posix[name];
  const assigned = /^(script|sc|general_category|gc)=(.+)$/i.exec(name);
  if (assigned !== null) {
    const key = assigned[1]?.toLowerCase().startsWith('s') ? 'Script' : 'General_Category';
    return firstLegal(`\\p{${key}=${titleCase(assigned[2] ?? '')}}`, `\\p{${key}=${assigned[2]}}`);
  }
  if (name.startsWith('Is')) {
    const rest = name.slice(2);
    return firstLegal(`\\p{Script=${titleCase(rest)}}`, `\\p{${titleCase(rest)}}`, `\\p{General_Category=${rest}}`);
  }
  return /^[A-Z][a-z]?$/.test(name) ? firstLegal(`\\p{General_Category=${name}}`) : undefined;
}

const firstLegal = (...sources: string[]): string | undefined => sources.find(isLegal);
const titleCase = (name: string): string => name.toLowerCase().replace(/(^|_)[a-z]/g, (letter) => letter.toUpperCase());
