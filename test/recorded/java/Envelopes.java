import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.ConnectSchema;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaAndValue;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.data.Time;
import org.apache.kafka.connect.data.Timestamp;

/** Reads and writes the ENV of ../../vectors/README.md, without Connect's own JsonConverter: it is under test. */
final class Envelopes {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final long DAY = 86_400_000L;

  private Envelopes() {}

  static SchemaAndValue read(JsonNode env) {
    Map<String, String> tags = new LinkedHashMap<>();
    env.path("javaTypes").properties().forEach(tag -> tags.put(tag.getKey(), tag.getValue().asText()));
    if (env.has("javaType")) tags.put("", env.get("javaType").asText());
    Schema schema = readSchema(env.get("schema"));
    return new SchemaAndValue(schema, readValue(schema, env.get("payload"), "", tags));
  }

  private static Schema readSchema(JsonNode json) {
    if (json == null || json.isNull()) return null;
    String type = json.get("type").asText();
    Schema.Type kind = Schema.Type.valueOf((type.equals("float") ? "float32" : type.equals("double") ? "float64" : type).toUpperCase());
    List<Field> fields = null;
    if (kind == Schema.Type.STRUCT) {
      fields = new ArrayList<>();
      for (JsonNode field : json.get("fields")) fields.add(new Field(field.get("field").asText(), fields.size(), readSchema(field)));
    }
    Map<String, String> parameters = null;
    if (json.has("parameters")) {
      parameters = new LinkedHashMap<>();
      for (var entry : json.get("parameters").properties()) parameters.put(entry.getKey(), entry.getValue().asText());
    }
    Schema keys = kind == Schema.Type.MAP ? readSchema(json.get("keys")) : null;
    Schema values = kind == Schema.Type.MAP ? readSchema(json.get("values")) : kind == Schema.Type.ARRAY ? readSchema(json.get("items")) : null;
    boolean optional = json.path("optional").asBoolean();
    String name = json.has("name") ? json.get("name").asText() : null;
    Integer version = json.has("version") ? json.get("version").asInt() : null;
    String doc = json.has("doc") ? json.get("doc").asText() : null;
    Schema bare = new ConnectSchema(kind, optional, null, name, version, doc, parameters, fields, keys, values);
    if (!json.has("default")) return bare;
    Object value = readValue(bare, json.get("default"), "", Map.of());
    return new ConnectSchema(kind, optional, value, name, version, doc, parameters, fields, keys, values);
  }

  private static Object readValue(Schema schema, JsonNode json, String path, Map<String, String> tags) {
    String tag = tags.get(path);
    if (tag != null) return readTagged(tag, json, path, tags);
    if (json == null || json.isNull()) return null;
    if (schema == null) return readPlain(json, path, tags);
    if (schema.name() != null && schema.type().isPrimitive()) {
      switch (schema.name()) {
        case Decimal.LOGICAL_NAME:
          return new BigDecimal(new BigInteger(bytes(json)), Integer.parseInt(schema.parameters().get("scale")));
        case org.apache.kafka.connect.data.Date.LOGICAL_NAME:
          return new Date(json.longValue() * DAY);
        case Time.LOGICAL_NAME:
        case Timestamp.LOGICAL_NAME:
          return new Date(json.longValue());
        default:
      }
    }
    switch (schema.type()) {
      case INT8: return (byte) json.longValue();
      case INT16: return (short) json.longValue();
      case INT32: return (int) json.longValue();
      case INT64: return json.longValue();
      case FLOAT32: return Float.parseFloat(json.asText());
      case FLOAT64: return Double.parseDouble(json.asText());
      case BOOLEAN: return json.booleanValue();
      case STRING: return json.textValue();
      case BYTES: return bytes(json);
      case ARRAY: return readList(schema.valueSchema(), json, path, tags);
      case MAP:
        if (json.isArray()) return readPairs(schema.keySchema(), schema.valueSchema(), json, path, tags);
        Map<Object, Object> map = new HashMap<>();
        for (var entry : json.properties())
          map.put(entry.getKey(), readValue(schema.valueSchema(), entry.getValue(), path + "/" + token(entry.getKey()), tags));
        return map;
      default:
        Struct struct = new Struct(schema);
        for (Field field : schema.fields()) {
          Object value = readValue(field.schema(), json.get(field.name()), path + "/" + token(field.name()), tags);
          if (value != null) struct.put(field, value);
        }
        return struct;
    }
  }

  private static byte[] bytes(JsonNode json) {
    return Base64.getDecoder().decode(json.asText());
  }

  private static Object readTagged(String tag, JsonNode json, String path, Map<String, String> tags) {
    switch (tag) {
      case "Byte": return (byte) json.longValue();
      case "Short": return (short) json.longValue();
      case "Integer": return (int) json.longValue();
      case "Long": return json.longValue();
      case "Float": return Float.parseFloat(json.asText());
      case "Double": return Double.parseDouble(json.asText());
      case "String": return json.textValue();
      case "Boolean": return json.booleanValue();
      case "java.util.Date": return new Date(json.longValue());
      case "BigDecimal": return new BigDecimal(json.asText());
      case "BigInteger": return new BigInteger(json.asText());
      case "bytes": return bytes(json);
      case "Struct": return read(json).value();
      default: return readPairs(null, null, json, path, tags);
    }
  }

  private static Object readPlain(JsonNode json, String path, Map<String, String> tags) {
    if (json.isTextual()) return json.textValue();
    if (json.isBoolean()) return json.booleanValue();
    if (json.isIntegralNumber()) return json.longValue();
    if (json.isNumber()) return json.doubleValue();
    if (json.isArray()) return readList(null, json, path, tags);
    Map<String, Object> map = new HashMap<>();
    for (var entry : json.properties()) map.put(entry.getKey(), readValue(null, entry.getValue(), path + "/" + token(entry.getKey()), tags));
    return map;
  }

  private static List<Object> readList(Schema schema, JsonNode json, String path, Map<String, String> tags) {
    List<Object> list = new ArrayList<>();
    for (JsonNode element : json) list.add(readValue(schema, element, path + "/" + list.size(), tags));
    return list;
  }

  private static Map<Object, Object> readPairs(Schema keys, Schema values, JsonNode json, String path, Map<String, String> tags) {
    Map<Object, Object> map = new HashMap<>();
    for (int i = 0; i < json.size(); i++) {
      String at = path + "/" + i;
      map.put(readValue(keys, json.get(i).get(0), at + "/0", tags), readValue(values, json.get(i).get(1), at + "/1", tags));
    }
    return map;
  }

  static ObjectNode write(Schema schema, Object value) {
    ObjectNode tags = JSON.objectNode();
    ObjectNode env = JSON.objectNode();
    env.set("schema", writeSchema(schema));
    env.set("payload", writeValue(schema, value, "", tags));
    if (tags.has("")) env.set("javaType", tags.remove(""));
    if (!tags.isEmpty()) env.set("javaTypes", tags);
    return env;
  }

  private static JsonNode writeSchema(Schema schema) {
    if (schema == null) return JSON.nullNode();
    ObjectNode json = JSON.objectNode();
    Schema.Type type = schema.type();
    json.put("type", type == Schema.Type.FLOAT32 ? "float" : type == Schema.Type.FLOAT64 ? "double" : type.getName());
    if (type == Schema.Type.ARRAY) json.set("items", writeSchema(schema.valueSchema()));
    if (type == Schema.Type.MAP) {
      json.set("keys", writeSchema(schema.keySchema()));
      json.set("values", writeSchema(schema.valueSchema()));
    }
    if (type == Schema.Type.STRUCT) {
      ArrayNode fields = json.putArray("fields");
      for (Field field : schema.fields()) fields.add(((ObjectNode) writeSchema(field.schema())).put("field", field.name()));
    }
    json.put("optional", schema.isOptional());
    if (schema.name() != null) json.put("name", schema.name());
    if (schema.version() != null) json.put("version", schema.version());
    if (schema.doc() != null) json.put("doc", schema.doc());
    if (schema.parameters() != null) {
      ObjectNode parameters = json.putObject("parameters");
      schema.parameters().forEach(parameters::put);
    }
    if (schema.defaultValue() != null) {
      ObjectNode tags = JSON.objectNode();
      json.set("default", writeValue(schema, schema.defaultValue(), "", tags));
      if (!tags.isEmpty()) throw new IllegalStateException("a default has no tags");
    }
    return json;
  }

  private static JsonNode writeValue(Schema schema, Object value, String path, ObjectNode tags) {
    if (value == null) return JSON.nullNode();
    JsonNode expected = writeExpected(schema, value, path, tags);
    if (expected != null) return expected;
    if (value instanceof Date date) return tagged("java.util.Date", JSON.numberNode(date.getTime()), path, tags);
    if (value instanceof BigDecimal decimal) return tagged("BigDecimal", JSON.textNode(decimal.toString()), path, tags);
    if (value instanceof BigInteger integer) return tagged("BigInteger", JSON.textNode(integer.toString()), path, tags);
    if (value instanceof byte[] || value instanceof ByteBuffer) return tagged("bytes", base64(value), path, tags);
    if (value instanceof Struct struct) return tagged("Struct", write(struct.schema(), struct), path, tags);
    if (value instanceof Map<?, ?> map) return tagged("Map", writePairs(null, null, map, path, tags), path, tags);
    if (value instanceof Number number) return tagged(number.getClass().getSimpleName(), writeNumber(number), path, tags);
    if (value instanceof String text) return tagged("String", JSON.textNode(text), path, tags);
    if (value instanceof Boolean flag) return tagged("Boolean", JSON.booleanNode(flag), path, tags);
    throw new IllegalStateException("no tag for " + value.getClass() + " at " + path);
  }

  private static JsonNode tagged(String tag, JsonNode payload, String path, ObjectNode tags) {
    tags.put(path, tag);
    return payload;
  }

  /** The form without tag, where the value is of the class that the schema stands for; null: it is of another. */
  private static JsonNode writeExpected(Schema schema, Object value, String path, ObjectNode tags) {
    if (schema == null) return writePlain(value, path, tags);
    if (schema.name() != null && schema.type().isPrimitive()) {
      switch (schema.name()) {
        case Decimal.LOGICAL_NAME:
          if (!(value instanceof BigDecimal decimal) || schema.parameters() == null) return null;
          if (!String.valueOf(decimal.scale()).equals(schema.parameters().get("scale"))) return null;
          return JSON.textNode(Base64.getEncoder().encodeToString(decimal.unscaledValue().toByteArray()));
        case org.apache.kafka.connect.data.Date.LOGICAL_NAME:
          if (!(value instanceof Date day) || Math.floorMod(day.getTime(), DAY) != 0) return null;
          return Math.abs(day.getTime() / DAY) > Integer.MAX_VALUE ? null : JSON.numberNode(day.getTime() / DAY);
        case Time.LOGICAL_NAME:
          return value instanceof Date time && time.getTime() >= 0 && time.getTime() <= DAY ? JSON.numberNode(time.getTime()) : null;
        case Timestamp.LOGICAL_NAME:
          return value instanceof Date instant ? JSON.numberNode(instant.getTime()) : null;
        default:
      }
    }
    switch (schema.type()) {
      case INT8: return value instanceof Byte number ? writeNumber(number) : null;
      case INT16: return value instanceof Short number ? writeNumber(number) : null;
      case INT32: return value instanceof Integer number ? writeNumber(number) : null;
      case INT64: return value instanceof Long number ? writeNumber(number) : null;
      case FLOAT32: return value instanceof Float number ? writeNumber(number) : null;
      case FLOAT64: return value instanceof Double number ? writeNumber(number) : null;
      case BOOLEAN: return value instanceof Boolean flag ? JSON.booleanNode(flag) : null;
      case STRING: return value instanceof String text ? JSON.textNode(text) : null;
      case BYTES: return value instanceof byte[] || value instanceof ByteBuffer ? base64(value) : null;
      case ARRAY: return value instanceof List<?> list ? writeList(schema.valueSchema(), list, path, tags) : null;
      case MAP:
        if (!(value instanceof Map<?, ?> map)) return null;
        if (schema.keySchema() == null || schema.keySchema().type() != Schema.Type.STRING)
          return writePairs(schema.keySchema(), schema.valueSchema(), map, path, tags);
        return writeMembers(schema.valueSchema(), map, path, tags);
      default:
        if (!(value instanceof Struct struct)) return null;
        ObjectNode json = JSON.objectNode();
        for (Field field : schema.fields())
          json.set(field.name(), writeValue(field.schema(), struct.getWithoutDefault(field.name()), path + "/" + token(field.name()), tags));
        return json;
    }
  }

  private static JsonNode writePlain(Object value, String path, ObjectNode tags) {
    if (value instanceof Long number) return writeNumber(number);
    if (value instanceof Double number && Double.isFinite(number)) return writeNumber(number);
    if (value instanceof String text) return JSON.textNode(text);
    if (value instanceof Boolean flag) return JSON.booleanNode(flag);
    if (value instanceof List<?> list) return writeList(null, list, path, tags);
    if (value instanceof Map<?, ?> map && map.keySet().stream().allMatch(String.class::isInstance)) return writeMembers(null, map, path, tags);
    return null;
  }

  private static JsonNode writeNumber(Number number) {
    if (number instanceof Double || number instanceof Float)
      return Double.isFinite(number.doubleValue()) ? JSON.rawValueNode(new RawValue(number.toString())) : JSON.textNode(number.toString());
    return JSON.numberNode(number.longValue());
  }

  private static JsonNode base64(Object value) {
    return JSON.textNode(Base64.getEncoder().encodeToString(value instanceof ByteBuffer buffer ? buffer.array() : (byte[]) value));
  }

  private static ArrayNode writeList(Schema schema, List<?> list, String path, ObjectNode tags) {
    ArrayNode json = JSON.arrayNode();
    for (Object element : list) json.add(writeValue(schema, element, path + "/" + json.size(), tags));
    return json;
  }

  private static ObjectNode writeMembers(Schema schema, Map<?, ?> map, String path, ObjectNode tags) {
    ObjectNode json = JSON.objectNode();
    map.forEach((name, value) -> json.set((String) name, writeValue(schema, value, path + "/" + token((String) name), tags)));
    return json;
  }

  private static ArrayNode writePairs(Schema keys, Schema values, Map<?, ?> map, String path, ObjectNode tags) {
    ArrayNode json = JSON.arrayNode();
    map.forEach((key, value) -> {
      String at = path + "/" + json.size();
      json.addArray().add(writeValue(keys, key, at + "/0", tags)).add(writeValue(values, value, at + "/1", tags));
    });
    return json;
  }

  private static String token(String name) {
    return name.replace("~", "~0").replace("/", "~1");
  }
}
