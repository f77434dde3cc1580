import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.StringJoiner;
import java.util.concurrent.Executors;
import org.apache.skywalking.apm.agent.core.context.CarrierItem;
import org.apache.skywalking.apm.agent.core.context.ContextCarrier;
import org.apache.skywalking.apm.agent.core.context.ContextManager;
import org.apache.skywalking.apm.agent.core.context.ContextSnapshot;
import org.apache.skywalking.apm.agent.core.context.tag.Tags;
import org.apache.skywalking.apm.agent.core.context.trace.AbstractSpan;
import org.apache.skywalking.apm.agent.core.context.trace.SpanLayer;
import org.apache.skywalking.apm.network.trace.component.OfficialComponent;

/**
 * A service that reports its own spans through the attached SkyWalking agent, so that no agent plugin is needed.
 *
 * <p>Env: DEMO_NAME, PORT (default 8080), UPSTREAM_URLS (comma-separated; each is called once for each request).
 * GET /healthz: readiness; GET /drain: the pod's preStop hook; any other path is a traced request. Its answer names the
 * trace segment that this service has emitted for it and, nested, those of all services below: whoever asks can count
 * what was emitted, whatever becomes of the pods.
 */
public class Demo {
    private static final String NAME = System.getenv().getOrDefault("DEMO_NAME", "demo");
    private static final String POD = System.getenv().getOrDefault("HOSTNAME", "");
    private static final String UPSTREAMS = System.getenv().getOrDefault("UPSTREAM_URLS", "");
    private static final boolean TRACED = agentAttached();
    private static volatile boolean draining;

    public static void main(String[] args) throws IOException {
        int port = Integer.parseInt(System.getenv().getOrDefault("PORT", "8080"));
        HttpServer server = HttpServer.create(new InetSocketAddress(port), 0);
        // Without a queue: where a machine is so busy that a waiting thread misses its signal, one request waits, and not all that follow.
        server.setExecutor(Executors.newCachedThreadPool());
        server.createContext("/healthz", x -> reply(x, 200, "ok"));
        server.createContext("/drain", Demo::drain);
        server.createContext("/", Demo::serve);
        server.start();
        System.out.println(NAME + " listens on " + port + (TRACED ? ", traced" : ", not traced"));
    }

    private static void serve(HttpExchange x) throws IOException {
        int status = 200;
        StringJoiner calls = new StringJoiner(",", "[", "]");
        String trace = "null";
        String segment = "null";
        if (TRACED) {
            Trace.entry(x);
            String id = ContextManager.getGlobalTraceId();
            trace = quoted(id);
            segment = quoted(Trace.segment(id));
        }
        try {
            for (String url : UPSTREAMS.split(",")) {
                if (!url.isEmpty()) calls.add(call(url));
            }
        } catch (IOException e) {
            status = 502;
            calls.add("{\"error\":" + quoted(e.toString()) + "}");
        } finally {
            if (TRACED) Trace.stop(status);
        }
        reply(x, status, "{\"service\":" + quoted(NAME) + ",\"pod\":" + quoted(POD) + ",\"trace\":" + trace
            + ",\"segment\":" + segment + ",\"headers\":" + propagationHeaders(x) + ",\"calls\":" + calls + "}");
    }

    private static String call(String url) throws IOException {
        HttpURLConnection upstream = (HttpURLConnection) new URL(url).openConnection();
        upstream.setConnectTimeout(20_000);
        upstream.setReadTimeout(40_000);
        if (TRACED) Trace.exit(upstream);
        int status = 0;
        try (InputStream in = upstream.getInputStream()) {
            status = upstream.getResponseCode();
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).trim();
        } finally {
            if (TRACED) Trace.stop(status);
        }
    }

    /**
     * Answers when this process may end: callers have left their kept-alive connections and the agent has sent its last
     * segments. Without it the agent drops what it holds when the JVM is told to stop.
     */
    private static void drain(HttpExchange x) throws IOException {
        draining = true;
        try {
            Thread.sleep(Integer.parseInt(System.getenv().getOrDefault("DRAIN_SECONDS", "5")) * 1000L);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        reply(x, 200, "drained");
    }

    private static String propagationHeaders(HttpExchange x) {
        StringJoiner names = new StringJoiner(",", "[", "]");
        for (Map.Entry<String, ?> header : x.getRequestHeaders().entrySet()) {
            String name = header.getKey().toLowerCase();
            if (name.endsWith("sw6") || name.endsWith("sw8")) names.add(quoted(name));
        }
        return names.toString();
    }

    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    private static void reply(HttpExchange x, int status, String text) throws IOException {
        byte[] body = (text + "\n").getBytes(StandardCharsets.UTF_8);
        if (draining) x.getResponseHeaders().set("Connection", "close");
        x.sendResponseHeaders(status, body.length);
        x.getResponseBody().write(body);
        x.close();
    }

    /** The agent's jar is on the class path only where -javaagent put it there. */
    private static boolean agentAttached() {
        try {
            Class.forName("org.apache.skywalking.apm.agent.core.context.ContextManager");
            return true;
        } catch (ClassNotFoundException e) {
            return false;
        }
    }

    /** Not loaded, and so not linked against the agent, unless the agent is attached. */
    private static final class Trace {
        /** 66 is "JdkHttp" in the OAP's component-libraries.yml. */
        private static final OfficialComponent JDK_HTTP = new OfficialComponent(66, "JdkHttp");

        static void entry(HttpExchange x) {
            ContextCarrier carrier = new ContextCarrier();
            for (CarrierItem item = carrier.items(); item.hasNext(); ) {
                item = item.next();
                item.setHeadValue(x.getRequestHeaders().getFirst(item.getHeadKey()));
            }
            describe(ContextManager.createEntrySpan(x.getRequestURI().getPath(), carrier), x.getRequestURI().toString());
        }

        static void exit(HttpURLConnection upstream) {
            URL url = upstream.getURL();
            int port = url.getPort() < 0 ? url.getDefaultPort() : url.getPort();
            ContextCarrier carrier = new ContextCarrier();
            describe(ContextManager.createExitSpan(url.getPath(), carrier, url.getHost() + ":" + port), url.toString());
            for (CarrierItem item = carrier.items(); item.hasNext(); ) {
                item = item.next();
                upstream.setRequestProperty(item.getHeadKey(), item.getHeadValue());
            }
        }

        /**
         * The segment's id, or the trace's where the agent traces nothing. Agents to 7.0 have it in a snapshot only, and of
         * another type than later ones.
         */
        static String segment(String trace) {
            try {
                Object id = ContextSnapshot.class.getMethod("getTraceSegmentId").invoke(ContextManager.capture());
                return id == null ? trace : id.toString();
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException(e);
            }
        }

        static void stop(int status) {
            if (status != 200) ContextManager.activeSpan().errorOccurred();
            ContextManager.stopSpan();
        }

        private static void describe(AbstractSpan span, String url) {
            span.setComponent(JDK_HTTP);
            Tags.URL.set(span, url);
            SpanLayer.asHttp(span);
        }
    }
}
