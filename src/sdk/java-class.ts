/** The Java class that Connect would name for a value of code or JSON, where only the class tells what is wrong. */
export function javaClassOf(raw: unknown): string {
  switch (typeof raw) {
    case 'string':
      return 'java.lang.String';
    case 'boolean':
      return 'java.lang.Boolean';
    case 'bigint':
      return 'java.lang.Long';
    case 'number':
      return !Number.isInteger(raw) ? 'java.lang.Double' : raw === (raw | 0) ? 'java.lang.Integer' : 'java.lang.Long';
    default:
      return Array.isArray(raw) ? 'java.util.ArrayList' : 'java.util.LinkedHashMap';
  }
}
