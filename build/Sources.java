import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.FormatterException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The gate every Java source passes: google-java-format, and at most 400 lines. {@code check} names
 * the offenders and exits 1; {@code format} rewrites them.
 */
final class Sources {
  private static final int MAX_LINES = 400;

  public static void main(String[] args) throws IOException, FormatterException {
    boolean rewrite = args[0].equals("format");
    Formatter formatter = new Formatter();
    List<String> complaints = new ArrayList<>();
    for (Path source : sources(Path.of(args[1]))) {
      String text = Files.readString(source);
      String formatted = formatter.formatSourceAndFixImports(text);
      if (!formatted.equals(text)) {
        if (rewrite) {
          Files.writeString(source, formatted);
        } else {
          complaints.add(source + ": not formatted");
        }
      }
      long lines = formatted.lines().count();
      if (lines > MAX_LINES) {
        complaints.add(source + ": " + lines + " lines, at most " + MAX_LINES + " allowed");
      }
    }
    if (!complaints.isEmpty()) {
      complaints.forEach(System.err::println);
      System.err.println("Run ./mvnw -N validate -Pformat to format; split what is too long.");
      System.exit(1);
    }
  }

  private static List<Path> sources(Path root) throws IOException {
    try (Stream<Path> tree = Files.walk(root)) {
      return tree.filter(path -> path.toString().endsWith(".java"))
          .filter(path -> !root.relativize(path).toString().matches("(.*/)?(target|\\.git)/.*"))
          .toList();
    }
  }
}
