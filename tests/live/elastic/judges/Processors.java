import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.opensearch.common.settings.Settings;
import org.opensearch.common.xcontent.XContentHelper;
import org.opensearch.common.xcontent.XContentType;
import org.opensearch.core.common.bytes.BytesArray;
import org.opensearch.core.common.bytes.BytesReference;
import org.opensearch.core.xcontent.XContentBuilder;
import org.opensearch.env.Environment;
import org.opensearch.index.VersionType;
import org.opensearch.ingest.IngestDocument;
import org.opensearch.ingest.Pipeline;
import org.opensearch.ingest.Processor;
import org.opensearch.ingest.common.IngestCommonModulePlugin;
import org.opensearch.script.ScriptModule;
import org.opensearch.script.ScriptService;
import org.opensearch.script.mustache.MustacheScriptEngine;

/** Reads pipelines and events as JSON, sends each event through its pipeline, and says what became of it, or why not. */
public class Processors {
    @SuppressWarnings("unchecked")
    public static void main(String[] arguments) throws Exception {
        var settings = Settings.builder().put("path.home", Files.createTempDirectory("judge").toString()).build();
        var scripts = new ScriptService(settings, Map.of("mustache", new MustacheScriptEngine()), ScriptModule.CORE_CONTEXTS);
        var parameters = new Processor.Parameters(
            new Environment(settings, null), scripts, null, null, () -> 0L, (delay, command) -> null, null, null, null, null);
        var factories = new IngestCommonModulePlugin().getProcessors(parameters);
        List<Object> became = new ArrayList<>();
        Map<String, Object> all = XContentHelper.convertToMap(new BytesArray(System.in.readAllBytes()), true, XContentType.JSON).v2();
        for (Map<String, Object> each : (List<Map<String, Object>>) all.get("events")) {
            try {
                var pipeline = Pipeline.create("p", (Map<String, Object>) each.get("pipeline"), factories, scripts);
                var document = new IngestDocument(
                    "i", "1", null, null, VersionType.INTERNAL, (Map<String, Object>) each.get("event"));
                pipeline.execute(document, (made, failed) -> became.add(failed == null ? made.getSourceAndMetadata() : String.valueOf(failed)));
            } catch (Exception refused) {
                became.add(String.valueOf(refused));
            }
        }
        XContentBuilder builder = XContentBuilder.builder(XContentType.JSON.xContent());
        builder.value(became);
        System.out.println(BytesReference.bytes(builder).utf8ToString());
    }
}
