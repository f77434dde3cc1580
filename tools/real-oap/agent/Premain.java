import java.lang.instrument.Instrumentation;
import org.apache.skywalking.apm.agent.core.boot.ServiceManager;
import org.apache.skywalking.apm.agent.core.conf.SnifferConfigInitializer;
import org.apache.skywalking.apm.agent.core.plugin.loader.AgentClassLoader;

/** Starts the core of an agent 6.6.0 as the agent does, without plugins. */
public class Premain {
    public static void premain(String options, Instrumentation instrumentation) throws Exception {
        SnifferConfigInitializer.initialize(options);
        AgentClassLoader.initDefaultLoader();
        ServiceManager.INSTANCE.boot();
        Runtime.getRuntime().addShutdownHook(new Thread(ServiceManager.INSTANCE::shutdown, "skywalking shutdown"));
    }
}
