package org.elasticsearch.node;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.elasticsearch.common.logging.LogConfigurator;
import org.elasticsearch.common.settings.Setting;
import org.elasticsearch.common.settings.Settings;
import org.elasticsearch.env.Environment;
import org.elasticsearch.index.mapper.Mapper;
import org.elasticsearch.index.mapper.TextFieldMapper;
import org.elasticsearch.ingest.AbstractProcessor;
import org.elasticsearch.ingest.ConfigurationUtils;
import org.elasticsearch.ingest.IngestDocument;
import org.elasticsearch.ingest.Processor;
import org.elasticsearch.plugins.IngestPlugin;
import org.elasticsearch.plugins.MapperPlugin;
import org.elasticsearch.plugins.Modules;
import org.elasticsearch.plugins.Plugin;
import org.elasticsearch.plugins.PluginsLoader;
import org.elasticsearch.plugins.PluginsService;
import org.elasticsearch.transport.netty4.Netty4Plugin;
import org.elasticsearch.xpack.core.ilm.LifecycleSettings;

/** One node of Elasticsearch, on loopback: Server HOME HTTP_PORT TRANSPORT_PORT. It ends by a signal. */
public class Server extends Node {
    /** STAND-INS for what modules bring that are not published; test_node.py says what that leaves unproven. */
    public static class StandIns extends Plugin implements MapperPlugin, IngestPlugin {
        @Override
        public List<Setting<?>> getSettings() {
            return List.of(LifecycleSettings.LIFECYCLE_NAME_SETTING);
        }

        @Override
        public Map<String, Mapper.TypeParser> getMappers() {
            return Map.of("match_only_text", TextFieldMapper.PARSER);
        }

        /** `set` of the time of arrival, and of nothing else. */
        @Override
        public Map<String, Processor.Factory> getProcessors(Processor.Parameters parameters) {
            return Map.of("set", (factories, tag, description, options, project) -> {
                String field = ConfigurationUtils.readStringProperty("set", tag, options, "field");
                String value = ConfigurationUtils.readStringProperty("set", tag, options, "value");
                boolean override = ConfigurationUtils.readBooleanProperty("set", tag, options, "override", true);
                if (!value.equals("{{{_ingest.timestamp}}}") || !override)
                    throw ConfigurationUtils.newConfigurationException("set", tag, "value", "the stand-in does not know it");
                return new AbstractProcessor(tag, description) {
                    @Override
                    public IngestDocument execute(IngestDocument document) {
                        document.setFieldValue(field, document.getIngestMetadata().get("timestamp").toString());
                        return document;
                    }

                    @Override
                    public String getType() {
                        return "set";
                    }
                };
            });
        }
    }

    Server(Environment environment) {
        super(NodeConstruction.prepareConstruction(environment, nothing(), new NodeServiceProvider() {
            @Override
            PluginsService newPluginService(Environment its, PluginsLoader loader) {
                return new Modules(its, loader, List.of(new Netty4Plugin(), new StandIns()));
            }
        }, true));
    }

    static PluginsLoader nothing() {
        return PluginsLoader.createPluginsLoader(Set.of(), Set.of(), Map.of(), false);
    }

    public static void main(String[] arguments) throws Exception {
        LogConfigurator.configureESLogging();
        Path home = Path.of(arguments[0]);
        Settings settings = Settings.builder()
            .put("path.home", home.toString())
            .put("path.repo", home.resolve("snapshots").toString())
            .put("node.name", "node")
            .put("discovery.type", "single-node")
            .put("network.host", "127.0.0.1")
            .put("http.type", "netty4")
            .put("http.port", arguments[1])
            .put("transport.type", "netty4")
            .put("transport.port", arguments[2])
            // A machine for tests may be nearly full.
            .put("cluster.routing.allocation.disk.threshold_enabled", false)
            .build();
        Server server = new Server(new Environment(settings, home.resolve("config")));
        server.start();
        Thread.currentThread().join();
    }
}
