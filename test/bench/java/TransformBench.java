import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaAndValue;
import org.apache.kafka.connect.json.JsonConverter;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.transforms.Transformation;
import org.apache.kafka.connect.transforms.predicates.Predicate;

/**
 * CPU nanoseconds that Connect's own classes spend on a record, case by case as ../transforms.ts asks: one JSON object a line. Of the whole
 * process, collection of garbage and late compilation included, since a worker pays for them.
 */
public final class TransformBench {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final int ROUNDS = 5;
  private static final long ROUND = 300_000_000;
  private static final int WARM_UP = 500_000;
  private static long sink;

  public static void main(String[] args) throws Exception {
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      JsonNode one = MAPPER.readTree(line);
      System.out.println(one.get("name").asText() + "\t" + Math.round(nanoseconds(work(one))));
    }
    if (sink == 0) throw new IllegalStateException("nothing was done");
  }

  /** What is done to all records once, and how many they are. */
  private record Work(Runnable run, int records) {}

  private static Work work(JsonNode one) throws Exception {
    List<byte[]> texts = new ArrayList<>();
    for (JsonNode text : one.get("texts")) texts.add(text.asText().getBytes(StandardCharsets.UTF_8));
    List<Stage> stages = new ArrayList<>();
    for (JsonNode stage : one.get("stages")) stages.add(new Stage(stage));
    JsonConverter converter = new JsonConverter();
    converter.configure(Map.of("schemas.enable", one.get("schemas").asBoolean(), "converter.type", "value"), false);
    if (one.get("converts").asBoolean()) {
      Runnable run = () -> {
        for (byte[] text : texts) {
          SchemaAndValue read = converter.toConnectData("orders", text);
          SourceRecord record = through(stages, record(read.schema(), read.value()));
          sink += converter.fromConnectData(record.topic(), record.valueSchema(), record.value()).length;
        }
      };
      return new Work(run, texts.size());
    }
    List<SourceRecord> records = new ArrayList<>();
    for (byte[] text : texts) {
      SchemaAndValue read = converter.toConnectData("orders", text);
      records.add(record(read.schema(), read.value()));
    }
    Runnable run = () -> {
      for (SourceRecord record : records) sink += through(stages, record).topic().length();
    };
    return new Work(run, records.size());
  }

  private static SourceRecord record(Schema schema, Object value) {
    return new SourceRecord(null, null, "orders", 1, null, null, schema, value, 1_700_000_000_123L);
  }

  private static SourceRecord through(List<Stage> stages, SourceRecord record) {
    for (Stage stage : stages) record = stage.apply(record);
    return record;
  }

  /** A transformation under its predicate, as TransformationStage runs it. */
  private static final class Stage {
    private final Transformation<SourceRecord> transformation;
    private final Predicate<SourceRecord> predicate;

    @SuppressWarnings("unchecked")
    Stage(JsonNode json) throws Exception {
      transformation = (Transformation<SourceRecord>) made(json);
      transformation.configure(settings(json));
      predicate = json.has("predicate") ? (Predicate<SourceRecord>) made(json.get("predicate")) : null;
      if (predicate != null) predicate.configure(settings(json.get("predicate")));
    }

    private static Object made(JsonNode json) throws Exception {
      return Class.forName(json.get("type").asText()).getDeclaredConstructor().newInstance();
    }

    private static Map<String, String> settings(JsonNode json) {
      Map<String, String> settings = new HashMap<>();
      for (var entry : json.get("settings").properties()) settings.put(entry.getKey(), entry.getValue().asText());
      return settings;
    }

    SourceRecord apply(SourceRecord record) {
      return predicate == null || predicate.test(record) ? transformation.apply(record) : record;
    }
  }

  /** The fastest of the rounds: noise only ever adds. Each is long beside the 10 ms in which a process is counted. */
  private static double nanoseconds(Work work) {
    // Its code is compiled by then.
    for (long end = System.nanoTime() + ROUND, done = 0; done < WARM_UP || System.nanoTime() < end; done += work.records) work.run.run();
    var process = (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    double best = Double.POSITIVE_INFINITY;
    for (int round = 0; round < ROUNDS; round++) {
      long end = System.nanoTime() + ROUND;
      long before = process.getProcessCpuTime();
      long done = 0;
      for (; System.nanoTime() < end; done += work.records) work.run.run();
      best = Math.min(best, (process.getProcessCpuTime() - before) / (double) done);
    }
    return best;
  }
}
