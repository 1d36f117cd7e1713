package io.ratatoskr.launcher;

import static org.assertj.core.api.Assertions.assertThat;

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
import picocli.CommandLine.ParameterException;

/** The README's example is the one that is tested, and every command line in the docs parses. */
class ReadmeTest {
  private static final Path ROOT = Path.of("..");
  private static final Path README = ROOT.resolve("README.md");
  private static final Path EXAMPLE =
      Path.of("src/test/java/io/ratatoskr/launcher/QuickStartDT.java");

  private static final Pattern SNIPPET =
      Pattern.compile("(<!-- snippet: quickstart -->\n```java\n)(.*?)(```\n)", Pattern.DOTALL);
  private static final Pattern COMMAND =
      Pattern.compile("(?:^|`)\\./ratatoskr ([^`#\n]+)", Pattern.MULTILINE);
  private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|(\\S+)");

  @Test
  void theExampleIsTheOneThatIsTested() throws IOException {
    String readme = Files.readString(README);
    String example = example();
    if (Boolean.getBoolean("docs.write")) {
      readme =
          SNIPPET
              .matcher(readme)
              .replaceFirst(found -> Matcher.quoteReplacement(found.group(1) + example + "```\n"));
      Files.writeString(README, readme);
    }
    Matcher snippet = SNIPPET.matcher(readme);
    assertThat(snippet.find()).as("the README has a place for the example").isTrue();
    assertThat(snippet.group(2))
        .as("README.md: the example is stale; build/docs rewrites it")
        .isEqualTo(example);
  }

  /** The tagged lines; whoever copies them must close what they open. */
  private static String example() throws IOException {
    String source = Files.readString(EXAMPLE);
    String start = "// tag::quickstart[]\n";
    int begin = source.indexOf(start) + start.length();
    int end = source.indexOf("// end::quickstart[]");
    assertThat(begin).as("the tags in %s", EXAMPLE).isBetween(start.length(), end);
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
              Stream.of(README, ROOT.resolve("CONTRIBUTING.md")),
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
      Main.commandLine().parseArgs(words);
    } catch (ParameterException e) {
      throw new AssertionError("./ratatoskr " + line + ": " + e.getMessage(), e);
    }
  }
}
