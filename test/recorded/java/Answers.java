import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TimeZone;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigValue;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.connect.components.Versioned;
import org.apache.kafka.connect.connector.ConnectRecord;
import org.apache.kafka.connect.data.SchemaAndValue;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.header.ConnectHeaders;
import org.apache.kafka.connect.header.Header;
import org.apache.kafka.connect.runtime.ConnectMetrics;
import org.apache.kafka.connect.runtime.ConnectorConfig;
import org.apache.kafka.connect.runtime.TransformationStage;
import org.apache.kafka.connect.runtime.isolation.Plugins;
import org.apache.kafka.connect.runtime.standalone.StandaloneConfig;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.storage.Converter;
import org.apache.kafka.connect.storage.HeaderConverter;
import org.apache.kafka.connect.storage.StringConverter;
import org.apache.kafka.connect.util.ConnectorTaskId;

/** Reads cases without `expect`, one a line, and prints each with the answer of Kafka Connect's own classes. */
public final class Answers {
  private static final JsonMapper MAPPER = JsonMapper.builder()
      .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
      .build();
  private static final ConnectorTaskId TASK = new ConnectorTaskId("c", 0);

  private static Plugins plugins;
  private static ConnectMetrics metrics;

  public static void main(String[] args) throws Exception {
    Locale.setDefault(Locale.US);
    TimeZone.setDefault(TimeZone.getTimeZone("UTC"));
    PrintStream out = new PrintStream(System.out, false, StandardCharsets.US_ASCII);
    System.setOut(System.err);
    Map<String, String> worker = Map.of(
        "bootstrap.servers", "localhost:1", "offset.storage.file.filename", "/dev/null", "plugin.discovery", "only_scan",
        "key.converter", "org.apache.kafka.connect.json.JsonConverter", "value.converter", "org.apache.kafka.connect.json.JsonConverter");
    plugins = new Plugins(worker);
    plugins.compareAndSwapWithDelegatingLoader();
    metrics = new ConnectMetrics("w", new StandaloneConfig(worker), Time.SYSTEM, "cluster");
    ExecutorService patience = Executors.newSingleThreadExecutor(work -> {
      Thread thread = new Thread(null, work, "case", 16 << 20);
      thread.setDaemon(true);
      return thread;
    });
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      ObjectNode one = (ObjectNode) MAPPER.readTree(line);
      Future<JsonNode> answer = patience.submit(() -> answer(one));
      try {
        String expect = MAPPER.writeValueAsString(answer.get(10, TimeUnit.SECONDS));
        out.println(line.substring(0, line.length() - 1) + ",\"expect\":" + expect + "}");
      } catch (TimeoutException tooLong) {
        System.err.println("no answer within 10 s: " + line);
        break;
      } catch (ExecutionException broken) {
        System.err.println("cannot be asked: " + broken.getCause() + ": " + line);
      }
    }
    out.flush();
    System.exit(0);
  }

  private static JsonNode answer(JsonNode one) throws Exception {
    switch (one.get("kind").asText()) {
      case "transform": return transform(one);
      case "converter": return convert(one);
      default: return validate(one);
    }
  }

  private static Map<String, String> configOf(JsonNode one) {
    Map<String, String> config = new LinkedHashMap<>();
    for (var entry : one.get("config").properties()) config.put(entry.getKey(), entry.getValue().isNull() ? null : entry.getValue().asText());
    return config;
  }

  private static ObjectNode error(Throwable error) {
    String message = error.getMessage();
    return MAPPER.createObjectNode()
        .put("class", error.getClass().getName())
        .put("message", message == null ? null : message.replaceAll("@[0-9a-f]+(?=$|\\W)", "@<hash>"));
  }

  private static Throwable innermost(Throwable error) {
    return error.getCause() == null || error instanceof SerializationException ? error : innermost(error.getCause());
  }

  private static ObjectNode refused(Throwable error, String at) {
    ObjectNode found = error(innermost(error));
    if (at != null) found.put("at", at);
    return MAPPER.createObjectNode().set("configError", found);
  }

  private static ObjectNode failed(Throwable error) {
    return MAPPER.createObjectNode().set("error", error(error));
  }

  @SuppressWarnings({"unchecked", "rawtypes"})
  private static JsonNode transform(JsonNode one) {
    Map<String, String> config = new LinkedHashMap<>(Map.of("name", "c", "connector.class", "C"));
    config.putAll(configOf(one));
    ConnectRecord<?> record = readRecord(one.get("input"), one.get("recordType").asText());
    String at = "validate";
    List<TransformationStage> stages;
    try {
      ConnectorConfig connector = new ConnectorConfig(plugins, config);
      at = "configure";
      stages = (List) connector.transformationStages(plugins, TASK, metrics);
    } catch (Exception error) {
      return refused(error, at);
    }
    try {
      for (TransformationStage stage : stages) {
        record = (ConnectRecord<?>) stage.apply(record);
        if (record == null) return MAPPER.createObjectNode().put("dropped", true);
      }
    } catch (Exception error) {
      return failed(error);
    } finally {
      stages.forEach(TransformationStage::close);
    }
    return MAPPER.createObjectNode().set("record", writeRecord(record));
  }

  private static ConnectRecord<?> readRecord(JsonNode json, String type) {
    String topic = json.get("topic").asText();
    Integer partition = json.get("partition").isNull() ? null : json.get("partition").asInt();
    Long timestamp = json.get("timestamp").isNull() ? null : json.get("timestamp").asLong();
    SchemaAndValue key = Envelopes.read(json.get("key"));
    SchemaAndValue value = Envelopes.read(json.get("value"));
    ConnectHeaders headers = new ConnectHeaders();
    for (JsonNode header : json.get("headers")) headers.add(header.get("key").asText(), Envelopes.read(header.get("value")));
    if (type.equals("source"))
      return new SourceRecord(Map.of(), Map.of(), topic, partition, key.schema(), key.value(), value.schema(), value.value(), timestamp, headers);
    return new SinkRecord(topic, partition, key.schema(), key.value(), value.schema(), value.value(), json.get("offset").asLong(), timestamp,
        timestampType(json.get("timestampType").asText()), headers);
  }

  private static TimestampType timestampType(String name) {
    for (TimestampType type : TimestampType.values()) if (type.name.equals(name)) return type;
    return TimestampType.NO_TIMESTAMP_TYPE;
  }

  private static ObjectNode writeRecord(ConnectRecord<?> record) {
    ObjectNode json = MAPPER.createObjectNode().put("topic", record.topic()).put("partition", record.kafkaPartition());
    if (record instanceof SinkRecord sink) json.put("offset", sink.kafkaOffset());
    json.put("timestamp", record.timestamp());
    if (record instanceof SinkRecord sink) json.put("timestampType", sink.timestampType().name);
    json.set("key", Envelopes.write(record.keySchema(), record.key()));
    json.set("value", Envelopes.write(record.valueSchema(), record.value()));
    var headers = json.putArray("headers");
    for (Header header : record.headers()) headers.addObject().put("key", header.key()).set("value", Envelopes.write(header.schema(), header.value()));
    return json;
  }

  private static JsonNode convert(JsonNode one) throws Exception {
    boolean isHeader = one.path("as").asText().equals("header");
    Map<String, String> config = configOf(one);
    String topic = one.get("topic").asText();
    Object made = Class.forName(one.get("converter").asText()).getDeclaredConstructor().newInstance();
    try {
      if (isHeader) {
        config.put("converter.type", "header");
        ((HeaderConverter) made).configure(config);
      } else {
        config.put("converter.type", one.get("isKey").asBoolean() ? "key" : "value");
        ((Converter) made).configure(config, one.get("isKey").asBoolean());
      }
    } catch (Exception error) {
      return refused(error, null);
    }
    Callable<JsonNode> ask = one.get("direction").asText().equals("from") ? () -> {
      SchemaAndValue input = Envelopes.read(one.get("input"));
      byte[] bytes = isHeader
          ? ((HeaderConverter) made).fromConnectHeader(topic, one.get("headerKey").asText(), input.schema(), input.value())
          : ((Converter) made).fromConnectData(topic, new RecordHeaders(), input.schema(), input.value());
      ObjectNode answer = MAPPER.createObjectNode().put("bytes", bytes == null ? null : Base64.getEncoder().encodeToString(bytes));
      if (made instanceof StringConverter) {
        if (anywhere(input.value(), byte[].class::isInstance)) throw new IllegalStateException("identity hash");
      } else if (anywhere(input.value(), part -> part instanceof Map<?, ?> map && map.size() > 1)) answer.put("unordered", true);
      return answer;
    } : () -> {
      byte[] bytes = one.get("input").isNull() ? null : Base64.getDecoder().decode(one.get("input").asText());
      SchemaAndValue read = isHeader
          ? ((HeaderConverter) made).toConnectHeader(topic, one.get("headerKey").asText(), bytes)
          : ((Converter) made).toConnectData(topic, new RecordHeaders(), bytes);
      return MAPPER.createObjectNode().set("env", read == null ? null : Envelopes.write(read.schema(), read.value()));
    };
    try {
      return ask.call();
    } catch (IllegalStateException untold) {
      throw untold;
    } catch (Exception error) {
      return failed(error);
    }
  }

  private static boolean anywhere(Object value, Predicate<Object> wanted) {
    if (wanted.test(value)) return true;
    if (value instanceof Map<?, ?> map) return map.values().stream().anyMatch(part -> anywhere(part, wanted));
    if (value instanceof List<?> list) return list.stream().anyMatch(part -> anywhere(part, wanted));
    return value instanceof Struct struct && struct.schema().fields().stream().anyMatch(field -> anywhere(struct.get(field), wanted));
  }

  private static JsonNode validate(JsonNode one) throws Exception {
    Object plugin = Class.forName(one.get("plugin").asText()).getDeclaredConstructor().newInstance();
    ConfigDef definition = definitionOf(plugin);
    try {
      Map<String, ConfigValue> byName = new TreeMap<>();
      for (ConfigValue value : definition.validate(configOf(one))) byName.put(value.name(), value);
      ObjectNode answer = MAPPER.createObjectNode();
      var configs = answer.putArray("configs");
      for (ConfigValue value : byName.values()) {
        ConfigDef.Type type = definition.configKeys().get(value.name()).type;
        ObjectNode entry = configs.addObject().put("name", value.name()).put("value", ConfigDef.convertToString(value.value(), type));
        value.errorMessages().forEach(entry.putArray("errors")::add);
        value.recommendedValues().forEach(each -> entry.withArray("recommended_values").add(ConfigDef.convertToString(each, type)));
        if (!entry.has("recommended_values")) entry.putArray("recommended_values");
        entry.put("visible", value.visible());
      }
      return answer;
    } catch (Exception error) {
      return failed(error);
    }
  }

  private static ConfigDef definitionOf(Object plugin) {
    if (plugin instanceof Converter converter) return converter.config();
    if (plugin instanceof HeaderConverter converter) return converter.config();
    if (plugin instanceof org.apache.kafka.connect.transforms.Transformation<?> transformation) return transformation.config();
    if (plugin instanceof org.apache.kafka.connect.transforms.predicates.Predicate<?> predicate) return predicate.config();
    throw new IllegalArgumentException(((Versioned) plugin).toString());
  }
}
