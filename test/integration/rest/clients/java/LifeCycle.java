import java.util.Map;
import java.util.stream.Stream;
import org.sourcelab.kafka.connect.apiclient.Configuration;
import org.sourcelab.kafka.connect.apiclient.KafkaConnectClient;
import org.sourcelab.kafka.connect.apiclient.request.dto.NewConnectorDefinition;
import org.sourcelab.kafka.connect.apiclient.rest.exceptions.ResourceNotFoundException;

/** The life of a connector through org.sourcelab:kafka-connect-client; prints what every client prints. */
public class LifeCycle {
  private static KafkaConnectClient client;
  private static String name;

  public static void main(String[] args) throws Exception {
    client = new KafkaConnectClient(new Configuration(args[0]));
    name = args[1];
    say("listed", client.getConnectors().contains(name));
    say("plugin", client.getConnectorPlugins().stream().anyMatch(plugin -> plugin.getClassName().endsWith("FileStreamSourceConnector")));
    Map<String, String> config = Map.of("connector.class", "FileStreamSource", "file", name + ".txt", "topic", name, "tasks.max", "1");
    var created = client.addConnector(NewConnectorDefinition.newBuilder().withName(name).withConfig(config).build());
    say("created", created.getConfig().get("topic").equals(name));
    awaitState("RUNNING");
    client.pauseConnector(name);
    awaitState("PAUSED");
    client.resumeConnector(name);
    awaitState("RUNNING");
    var changed = new java.util.HashMap<>(config);
    changed.put("batch.size", "500");
    client.updateConnectorConfig(name, changed);
    say("updated", client.getConnectorConfig(name).get("batch.size"));
    awaitState("RUNNING");
    client.restartConnector(name);
    awaitState("RUNNING");
    say("tasks", client.getConnectorTasks(name).size());
    client.deleteConnector(name);
    try {
      client.getConnector(name);
      say("gone", false);
    } catch (ResourceNotFoundException expected) {
      say("gone", true);
    }
  }

  private static void awaitState(String state) throws InterruptedException {
    while (true) {
      var status = client.getConnectorStatus(name);
      var states = Stream.concat(Stream.of(status.getConnector().get("state")), status.getTasks().stream().map(task -> task.getState()));
      if (states.allMatch(state::equals)) break;
      Thread.sleep(20);
    }
    say("state", state);
  }

  private static void say(String step, Object result) {
    System.out.println(step + ": " + result);
  }
}
