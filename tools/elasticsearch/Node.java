import java.util.Map;
import java.util.TreeMap;
import org.codelibs.elasticsearch.runner.ElasticsearchClusterRunner;

/**
 * One Elasticsearch node, with the settings `name=value` that follow its data folder. It ends when its standard input
 * does, and so with the process that started it, however that ends.
 */
public class Node {
    public static void main(String[] args) throws Exception {
        Map<String, String> given = new TreeMap<>();
        for (int i = 1; i < args.length; i++) {
            String[] setting = args[i].split("=", 2);
            given.put(setting[0], setting[1]);
        }
        ElasticsearchClusterRunner runner = new ElasticsearchClusterRunner();
        runner.onBuild((number, settings) -> {
            given.forEach(settings::put);
            settings.put("discovery.type", "single-node");
            // The runner sets it, and a single node refuses to start with it.
            settings.remove("cluster.initial_master_nodes");
        });
        runner.build(ElasticsearchClusterRunner.newConfigs()
            .basePath(args[0])
            .numOfNode(1)
            .useLogger());
        while (System.in.read() >= 0) {
            // No input is expected.
        }
        // Its data is dropped, so it need not close cleanly.
        Runtime.getRuntime().halt(0);
    }
}
