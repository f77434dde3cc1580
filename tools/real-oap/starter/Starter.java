import java.io.InputStream;
import java.util.Map;
import java.util.Properties;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.skywalking.oap.server.core.RunningMode;
import org.apache.skywalking.oap.server.library.module.ApplicationConfiguration;
import org.apache.skywalking.oap.server.library.module.ModuleManager;
import org.yaml.snakeyaml.Yaml;

/**
 * Starts an OAP 6.5.0 from the application.yml on the class path, whose values may name environment variables. With
 * {@code -Dmode=init} it ends when the storage is prepared. Whatever keeps it from starting ends it with code 1.
 */
public class Starter {
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{(\\w+):([^}]*)}");
    private static final Yaml YAML = new Yaml();

    public static void main(String[] args) {
        RunningMode.setMode(System.getProperty("mode"));
        try {
            new ModuleManager().init(configuration());
        } catch (Throwable problem) {
            problem.printStackTrace();
            System.exit(1);
        }
        if (RunningMode.isInitMode()) System.exit(0);
    }

    @SuppressWarnings("unchecked")
    private static ApplicationConfiguration configuration() throws Exception {
        ApplicationConfiguration configuration = new ApplicationConfiguration();
        try (InputStream file = Starter.class.getClassLoader().getResourceAsStream("application.yml")) {
            Map<String, Map<String, Map<String, Object>>> modules =
                (Map<String, Map<String, Map<String, Object>>>) YAML.load(file);
            modules.forEach((module, providers) -> {
                ApplicationConfiguration.ModuleConfiguration into = configuration.addModule(module);
                providers.forEach((provider, settings) -> into.addProviderConfiguration(provider, filled(settings)));
            });
        }
        return configuration;
    }

    private static Properties filled(Map<String, Object> settings) {
        Properties properties = new Properties();
        if (settings != null) settings.forEach((name, value) -> properties.put(name, filled(value)));
        return properties;
    }

    /** A text is read as YAML once it is filled, so that a number is one. */
    @SuppressWarnings("unchecked")
    private static Object filled(Object value) {
        if (value instanceof Map) return filled((Map<String, Object>) value);
        if (!(value instanceof String)) return value;
        Object read = YAML.load(VARIABLE.matcher((String) value).replaceAll(Starter::valueOf));
        return read == null ? "" : read;
    }

    private static String valueOf(MatchResult variable) {
        return Matcher.quoteReplacement(System.getenv().getOrDefault(variable.group(1), variable.group(2)));
    }
}
