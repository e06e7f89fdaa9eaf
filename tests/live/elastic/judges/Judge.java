import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.elasticsearch.cluster.metadata.ComponentTemplate;
import org.elasticsearch.cluster.metadata.ComposableIndexTemplate;
import org.elasticsearch.common.settings.ClusterSettings;
import org.elasticsearch.common.settings.IndexScopedSettings;
import org.elasticsearch.common.settings.Setting;
import org.elasticsearch.common.settings.Settings;
import org.elasticsearch.common.xcontent.XContentHelper;
import org.elasticsearch.common.bytes.BytesReference;
import org.elasticsearch.common.bytes.BytesArray;
import org.elasticsearch.xcontent.NamedXContentRegistry;
import org.elasticsearch.xcontent.ParseField;
import org.elasticsearch.xcontent.XContentBuilder;
import org.elasticsearch.xcontent.XContentParser;
import org.elasticsearch.xcontent.XContentParserConfiguration;
import org.elasticsearch.xcontent.XContentType;
import org.elasticsearch.xpack.core.ilm.*;
import org.elasticsearch.xpack.core.security.authz.privilege.ClusterPrivilegeResolver;
import org.elasticsearch.xpack.core.security.authz.privilege.IndexPrivilege;
import org.elasticsearch.xpack.core.slm.SnapshotLifecyclePolicy;

/** Reads requests as JSON, has each judged by the classes by which Elasticsearch reads it, and says what they refuse. */
public class Judge {
    static final NamedXContentRegistry REGISTRY = new NamedXContentRegistry(List.of(
        entry(LifecycleType.class, TimeseriesLifecycleType.TYPE, p -> TimeseriesLifecycleType.INSTANCE),
        entry(LifecycleAction.class, RolloverAction.NAME, RolloverAction::parse),
        entry(LifecycleAction.class, SetPriorityAction.NAME, SetPriorityAction::parse),
        entry(LifecycleAction.class, ForceMergeAction.NAME, ForceMergeAction::parse),
        entry(LifecycleAction.class, ReadOnlyAction.NAME, ReadOnlyAction::parse),
        entry(LifecycleAction.class, WaitForSnapshotAction.NAME, WaitForSnapshotAction::parse),
        entry(LifecycleAction.class, SearchableSnapshotAction.NAME, SearchableSnapshotAction::parse),
        entry(LifecycleAction.class, DeleteAction.NAME, DeleteAction::parse)));

    static <T> NamedXContentRegistry.Entry entry(Class<T> category, String name, org.elasticsearch.core.CheckedFunction<XContentParser, ? extends T, java.io.IOException> parse) {
        return new NamedXContentRegistry.Entry(category, new ParseField(name), parse);
    }

    static XContentParser parser(Object body) throws Exception {
        XContentBuilder builder = XContentBuilder.builder(XContentType.JSON.xContent()).value(body);
        return XContentType.JSON.xContent().createParser(
            XContentParserConfiguration.EMPTY.withRegistry(REGISTRY), BytesReference.bytes(builder).streamInput());
    }

    static void indexSettings(Settings settings) {
        Set<Setting<?>> known = new HashSet<>(IndexScopedSettings.BUILT_IN_INDEX_SETTINGS);
        known.add(LifecycleSettings.LIFECYCLE_NAME_SETTING);
        new IndexScopedSettings(Settings.EMPTY, known).validate(settings, true);
    }

    @SuppressWarnings("unchecked")
    static void judge(String kind, String name, Map<String, Object> body) throws Exception {
        switch (kind) {
            case "_ilm/policy" -> {
                XContentParser p = parser(body.get("policy"));
                LifecyclePolicy policy = LifecyclePolicy.parse(p, name);
                TimeseriesLifecycleType.INSTANCE.validate(policy.getPhases().values());
            }
            case "_slm/policy" -> {
                var refused = SnapshotLifecyclePolicy.parse(parser(body), name).validate();
                if (refused != null) throw refused;
            }
            case "_component_template" -> {
                var template = ComponentTemplate.parse(parser(body)).template();
                if (template.settings() != null) indexSettings(template.settings());
            }
            case "_index_template" -> ComposableIndexTemplate.parse(parser(body));
            case "_cluster/settings" -> {
                var settings = Settings.builder().loadFromMap((Map<String, Object>) body.get("persistent")).build();
                ClusterSettings.createBuiltInClusterSettings().validate(settings, true);
            }
            case "role" -> {
                for (String each : (List<String>) body.get("cluster")) ClusterPrivilegeResolver.resolve(each);
                for (Map<String, Object> each : (List<Map<String, Object>>) body.get("indices"))
                    IndexPrivilege.resolveBySelectorAccess(new HashSet<>((List<String>) each.get("privileges")));
            }
            default -> throw new IllegalArgumentException("nobody judges " + kind);
        }
    }

    @SuppressWarnings("unchecked")
    public static void main(String[] arguments) throws Exception {
        org.elasticsearch.common.logging.LogConfigurator.configureESLogging();
        byte[] text = System.in.readAllBytes();
        List<Object> refused = new ArrayList<>();
        Map<String, Object> all = XContentHelper.convertToMap(new BytesArray(text), true, XContentType.JSON).v2();
        for (Map<String, Object> each : (List<Map<String, Object>>) all.get("requests")) {
            String said = "";
            try {
                judge((String) each.get("kind"), (String) each.get("name"), (Map<String, Object>) each.get("body"));
            } catch (Exception error) {
                Throwable cause = error;
                while (cause.getCause() != null) cause = cause.getCause();
                said = cause.getMessage();
            }
            refused.add(said);
        }
        XContentBuilder builder = XContentBuilder.builder(XContentType.JSON.xContent());
        builder.value(refused);
        System.out.println(BytesReference.bytes(builder).utf8ToString());
    }
}
