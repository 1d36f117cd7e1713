package io.ratatoskr.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratatoskr.settings.Layers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine.ParameterException;

/**
 * The examples in the docs are those that are tested, and every command line in the docs parses.
 */
class ReadmeTest {
  private static final Path ROOT = Path.of("..");

  private static final Pattern COMMAND =
      Pattern.compile("(?:^|`)\\./ratatoskr ([^`#<\n]+)", Pattern.MULTILINE);
  private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|(\\S+)");

  @ParameterizedTest
  @CsvSource({
    "README.md, quickstart, all-in-one/src/test/java/io/ratatoskr/allinone/QuickStartDT.java",
    "docs/chat.md, chat, all-in-one/src/test/java/io/ratatoskr/allinone/ChatDT.java",
    "docs/chat.md, handle, all-in-one/src/test/java/io/ratatoskr/allinone/ChatDT.java",
    "docs/retrieval.md, retrieval, launcher/src/test/java/io/ratatoskr/launcher/RetrievalDT.java"
  })
  void theExampleIsTheOneThatIsTested(String pageName, String name, String test)
      throws IOException {
    Pattern place =
        Pattern.compile("(<!-- snippet: " + name + " -->\n```java\n)(.*?)(```\n)", Pattern.DOTALL);
    Path file = ROOT.resolve(pageName);
    String page = Files.readString(file);
    String example = example(name, ROOT.resolve(test));
    if (Boolean.getBoolean("docs.write")) {
      page =
          place
              .matcher(page)
              .replaceFirst(found -> Matcher.quoteReplacement(found.group(1) + example + "```\n"));
      Files.writeString(file, page);
    }
    Matcher snippet = place.matcher(page);
    assertThat(snippet.find()).as("%s has a place for the example", pageName).isTrue();
    assertThat(snippet.group(2))
        .as("%s: the example is stale; build/docs rewrites it", pageName)
        .isEqualTo(example);
  }

  /** The tagged lines; whoever copies them must close what they open. */
  private static String example(String name, Path test) throws IOException {
    String source = Files.readString(test);
    String start = "// tag::" + name + "[]\n";
    int begin = source.indexOf(start) + start.length();
    int end = source.indexOf("// end::" + name + "[]");
    assertThat(begin).as("the tags in %s", test).isBetween(start.length(), end);
    return source.substring(begin, end).stripTrailing().stripIndent().concat("\n");
  }

  @Test
  void everyCommandLineParses() throws IOException {
    List<String> lines = new ArrayList<>();
    for (Path page : pages()) {
      Matcher command = COMMAND.matcher(Files.readString(page));
      while (command.find()) {
        lines.add(command.group(1).strip());
      }
    }
    assertThat(lines).hasSizeGreaterThan(5);
    assertThat(lines).allSatisfy(ReadmeTest::parse);
  }

  private static List<Path> pages() throws IOException {
    try (Stream<Path> docs = Files.walk(ROOT.resolve("docs"))) {
      return Stream.concat(
              Stream.of(ROOT.resolve("README.md"), ROOT.resolve("CONTRIBUTING.md")),
              docs.filter(file -> file.toString().endsWith(".md")))
          .toList();
    }
  }

  private static void parse(String line) {
    String[] words =
        WORD.matcher(line)
            .results()
            .map(word -> word.group(1) != null ? word.group(1) : word.group(2))
            .collect(Collectors.toList())
            .toArray(String[]::new);
    try {
      Main.commandLine(Layers.Surroundings.none()).parseArgs(words);
    } catch (ParameterException e) {
      throw new AssertionError("./ratatoskr " + line + ": " + e.getMessage(), e);
    }
  }
}
