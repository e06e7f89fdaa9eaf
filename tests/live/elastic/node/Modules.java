package org.elasticsearch.plugins;

import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.Set;
import org.elasticsearch.cluster.metadata.DataStream;
import org.elasticsearch.env.Environment;
import org.elasticsearch.features.FeatureSpecification;
import org.elasticsearch.features.NodeFeature;

/** Plugins that are on the class path, where a distribution has each in a folder of its own. */
public class Modules extends PluginsService {
    private final List<LoadedPlugin> plugins;

    public Modules(Environment environment, PluginsLoader loader, List<Plugin> plugins) {
        super(environment.settings(), environment.configDir(), loader);
        this.plugins = plugins.stream().map(Modules::loaded).toList();
    }

    private static LoadedPlugin loaded(Plugin plugin) {
        String name = plugin.getClass().getName();
        return new LoadedPlugin(
            new PluginDescriptor(name, "", "", "", "", name, null, List.of(), false, false, false, false),
            plugin,
            plugin.getClass().getClassLoader());
    }

    @Override
    protected List<LoadedPlugin> plugins() {
        return plugins;
    }

    @Override
    public <T> List<? extends T> loadServiceProviders(Class<T> service) {
        // Asked once for each plugin, the one class path would answer twice.
        var found = new ArrayList<T>(ServiceLoader.load(service).stream().map(ServiceLoader.Provider::get).toList());
        if (service == FeatureSpecification.class) found.add(service.cast(new DataStreams()));
        return found;
    }

    /** The server has a failure store in it, and uses it where the module of data streams says that it may. */
    static class DataStreams implements FeatureSpecification {
        @Override
        public Set<NodeFeature> getFeatures() {
            return Set.of(DataStream.DATA_STREAM_FAILURE_STORE_FEATURE);
        }
    }
}
