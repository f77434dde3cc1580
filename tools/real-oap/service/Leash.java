import java.io.IOException;
import java.util.Arrays;

/** Runs the main class that it is given, and ends when its standard input does: with the process that started it, however that ends. */
public class Leash {
    public static void main(String[] args) throws Exception {
        Thread end = new Thread(() -> {
            try {
                while (System.in.read() >= 0) {
                    // Nothing is said to it.
                }
            } catch (IOException e) {
                // As good as an end.
            }
            Runtime.getRuntime().halt(0);
        });
        end.setDaemon(true);
        end.start();
        Class.forName(args[0]).getMethod("main", String[].class)
            .invoke(null, (Object) Arrays.copyOfRange(args, 1, args.length));
    }
}
