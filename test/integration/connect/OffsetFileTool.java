import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.connect.json.JsonConverter;
import org.apache.kafka.connect.runtime.standalone.StandaloneConfig;
import org.apache.kafka.connect.storage.FileOffsetBackingStore;

/** Reads and writes an offset file with the store of standalone Connect: {@code read FILE KEY…} or {@code write FILE KEY VALUE …}. */
public class OffsetFileTool {
    public static void main(String[] args) throws Exception {
        JsonConverter keys = new JsonConverter();
        keys.configure(Map.of("schemas.enable", "false"), true);
        FileOffsetBackingStore store = new FileOffsetBackingStore(keys);
        store.configure(new StandaloneConfig(Map.of(
            "bootstrap.servers", "127.0.0.1:1",
            "key.converter", JsonConverter.class.getName(),
            "value.converter", JsonConverter.class.getName(),
            "offset.storage.file.filename", args[1])));
        store.start();
        if (args[0].equals("write")) {
            Map<ByteBuffer, ByteBuffer> entries = new HashMap<>();
            for (int i = 2; i < args.length; i += 2) entries.put(bytes(args[i]), bytes(args[i + 1]));
            store.set(entries, null).get(10, TimeUnit.SECONDS);
        } else {
            List<ByteBuffer> wanted = new ArrayList<>();
            for (int i = 2; i < args.length; i++) wanted.add(bytes(args[i]));
            Map<ByteBuffer, ByteBuffer> found = store.get(wanted).get(10, TimeUnit.SECONDS);
            for (ByteBuffer key : wanted) System.out.println(text(found.get(key)));
        }
        store.stop();
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String text(ByteBuffer bytes) {
        return bytes == null ? "nothing" : StandardCharsets.UTF_8.decode(bytes.duplicate()).toString();
    }
}
