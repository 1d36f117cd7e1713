package io.ratatoskr.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What CONTRIBUTING.md says of adding a capability is all there is, with stance as the example. */
class CapabilityFilesTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  /** The word, and no other that ends like it. */
  private static final Pattern NAMED =
      Pattern.compile("(?i)(?<!in)(?<!di)(?<!sub)(?<!circum)(?<!resi)stance");

  private static final Pattern LISTED = Pattern.compile("`([\\w./-]+\\.(?:java|avsc|xml))`");
  private static final int MOST = 14;

  @Test
  void filesOfMainThatNameStance_areThoseListed() throws IOException {
    Set<String> named = new TreeSet<>();
    for (Path module : modules()) {
      named.addAll(naming(module.resolve("src/main")));
      named.addAll(naming(module.resolve("pom.xml")));
    }

    assertThat(named).isEqualTo(listed()).hasSizeLessThanOrEqualTo(MOST);
  }

  private static List<Path> modules() throws IOException {
    try (Stream<Path> entries = Files.list(ROOT)) {
      return entries.filter(entry -> Files.exists(entry.resolve("pom.xml"))).toList();
    }
  }

  private static Set<String> naming(Path root) throws IOException {
    if (!Files.exists(root)) {
      return Set.of();
    }
    try (Stream<Path> files = Files.walk(root)) {
      return files
          .filter(file -> file.toString().matches(".*\\.(java|avsc|xml|properties|toml)"))
          .filter(CapabilityFilesTest::names)
          .map(file -> ROOT.relativize(file).toString().replace('\\', '/'))
          .collect(Collectors.toSet());
    }
  }

  private static boolean names(Path file) {
    try {
      return NAMED.matcher(file.getFileName() + Files.readString(file)).find();
    } catch (IOException e) {
      throw new UncheckedIOException(file.toString(), e);
    }
  }

  private static Set<String> listed() throws IOException {
    String page = Files.readString(ROOT.resolve("CONTRIBUTING.md"));
    int from = page.indexOf("## Adding a capability");
    assertThat(from).as("CONTRIBUTING.md has the section").isNotNegative();
    int to = page.indexOf("\n## ", from);
    return LISTED
        .matcher(page.substring(from, to < 0 ? page.length() : to))
        .results()
        .map(found -> found.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
