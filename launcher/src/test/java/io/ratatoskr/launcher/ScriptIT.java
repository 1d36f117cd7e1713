package io.ratatoskr.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratatoskr.launcher.Script.Ran;
import io.ratatoskr.launcher.command.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The script in surroundings as cron, systemd, containers and other countries have them. */
@Timeout(400)
class ScriptIT {
  private static final String TEXT = "naïve café 東京 Iğdır";
  private static final Map<String, String> NOTHING = Map.of();

  /** Blanks and letters outside ASCII, as in the homes of many people. */
  @TempDir private static Path temp;

  private static Path folder;
  private static Script script;

  @BeforeAll
  static void install() throws IOException {
    folder = Files.createDirectories(temp.resolve("Frau Müller/東京"));
    script = Script.in(folder);
  }

  static Stream<Map<String, String>> locales() {
    return Stream.of(
        NOTHING,
        Map.of("LANG", "C"),
        Map.of("LC_ALL", "POSIX"),
        Map.of("LANG", "tr_TR.UTF-8", "LC_TIME", "de_DE.UTF-8"),
        Map.of("LANG", "de_DE.ISO-8859-1"),
        Map.of("LC_CTYPE", "nonsense"));
  }

  @ParameterizedTest
  @MethodSource("locales")
  void argumentsAndOutputAreUtf8(Map<String, String> locale) {
    Ran ran = script.run(locale, "tokens", TEXT, "--model", "gpt-4o", "--detail", "--json");

    assertThat(ran.exitCode()).as(ran.err()).isEqualTo(ExitCode.WHOLE);
    assertThat(ran.err()).isEmpty();
    JsonNode tokens = JsonMapper.shared().readTree(ran.out()).get("tokens");
    assertThat(
            StreamSupport.stream(tokens.spliterator(), false)
                .map(token -> token.get("text").asString())
                .collect(Collectors.joining()))
        .isEqualTo(TEXT);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "embed --input fehlt-ü.jsonl --output aus.jsonl",
        "embed --input ein.txt --output fehlt-ü/aus.jsonl",
        "embed --model ./fehlt-ü text",
        "embed --config fehlt-ü.toml text",
        "search text --corpus fehlt-ü.parquet --texts ein.txt",
      })
  void pathsAreUtf8_inWhatIsSaidToo(String line) throws IOException {
    Files.writeString(folder.resolve("ein.txt"), TEXT + "\n");

    Ran ran = script.run(Map.of("LC_ALL", "C"), line.split(" ", -1));

    assertThat(ran.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(ran.err().lines()).as(ran.err()).hasSize(1);
    assertThat(ran.err()).contains("fehlt-ü").doesNotContain("Malformed");
  }

  @Test
  void aJobRuns_withNeitherLocaleNorHome_whereOnlyTheSoftLimitOfOpenFilesIsLow()
      throws IOException {
    Files.writeString(folder.resolve("Über.txt"), TEXT + "\nzweite Zeile\n");

    Ran ran =
        script.shell(
            NOTHING,
            "ulimit -S -n 256; exec \"$0\" embed --input Über.txt --output 'Ärger hier.jsonl'");

    assertThat(ran.exitCode()).as(ran.err()).isEqualTo(ExitCode.WHOLE);
    assertThat(ran.err()).contains("Ärger hier.jsonl").doesNotContain("\tat ");
    assertThat(Files.readAllLines(folder.resolve("Ärger hier.jsonl"))).hasSize(2);
  }

  @Test
  void tooFewOpenFiles_areSaidInOneLine() {
    Ran ran = script.shell(NOTHING, "ulimit -n 256; exec \"$0\" embed text");

    assertThat(ran.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(ran.err().lines()).as(ran.err()).hasSize(1);
    assertThat(ran.err()).contains("the limit is 256").contains("ulimit -n 1024");
  }

  @Test
  void withoutTheScript_whatCannotBeReadIsRefused() {
    Ran ran =
        Script.run(
            folder,
            Map.of("LC_ALL", "C"),
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                Script.built() + "/*",
                Main.class.getName(),
                "tokens",
                TEXT,
                "--model",
                "gpt-4o"));

    assertThat(ran.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(ran.err().lines()).as(ran.err()).hasSize(1);
    assertThat(ran.err()).contains("LC_ALL=C.UTF-8");
  }

  @Test
  void withoutTheScript_wordsAreTheSameInTurkey() {
    Ran ran =
        Script.run(
            folder,
            NOTHING,
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Duser.language=tr",
                "-cp",
                Script.built() + "/*",
                Main.class.getName(),
                "serve",
                "nli",
                "--bootstrap=127.0.0.1:1",
                "--model=./missing"));

    assertThat(ran.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(ran.err()).contains("./missing");
  }

  @Test
  void closedStreams_areNoneOfTheProcess() {
    String line = "exec \"$0\" tokens text --model gpt-4o ";

    assertThat(script.shell(NOTHING, line + "<&-").out()).isEqualTo("1\n");
    assertThat(script.shell(NOTHING, line + "2>&-").out()).isEqualTo("1\n");
    Ran closed = script.shell(NOTHING, line + ">&-");
    assertThat(closed.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(closed.err().lines()).as(closed.err()).hasSize(1);
    assertThat(closed.err()).contains("cannot write to standard output");
  }

  @Test
  void aReaderThatHasGone_isNoFailure() {
    Ran ran = script.shell(NOTHING, "\"$0\" tokens --list | head -n 1; echo \"${PIPESTATUS[0]}\"");

    assertThat(ran.out().lines()).hasSize(2);
    assertThat(ran.out()).endsWith("\n0\n");
    assertThat(ran.err()).isEmpty();
  }

  @Test
  void aWorkingDirectoryThatIsGone_isNamedAsTheReason() {
    Ran ran =
        script.shell(NOTHING, "mkdir gone && cd gone && rmdir ../gone && exec \"$0\" --version");

    assertThat(ran.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(ran.err()).contains("the working directory is gone");
  }

  @Test
  void aWorkingDirectoryThatIsReadOnly_doesNotMatter() throws IOException {
    Path readOnly = Files.createDirectories(folder.resolve("read-only"));
    Files.setPosixFilePermissions(readOnly, PosixFilePermissions.fromString("r-xr-xr-x"));

    Ran ran = script.shell(NOTHING, "cd read-only && exec \"$0\" tokens text --model gpt-4o");

    assertThat(ran.out()).isEqualTo("1\n");
  }

  @Test
  void aFolderForTemporaryFilesThatIsNotThere_isNamed() {
    Ran ran = script.run(Map.of("TMPDIR", "/no/such folder"), "embed", "text");

    assertThat(ran.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(ran.err().lines()).as(ran.err()).hasSize(1);
    assertThat(ran.err()).contains("/no/such folder").contains("TMPDIR");
  }

  @Test
  void aLinkToTheScript_isTheScript() throws IOException {
    Path link = folder.resolve("a link");
    Files.createSymbolicLink(link, script.home().resolve("ratatoskr"));

    Ran ran = Script.run(temp, NOTHING, List.of(link.toString(), "--version"));

    assertThat(ran.out()).startsWith("ratatoskr ");
  }

  @Test
  void anOlderJdkIsPassedOver() throws IOException {
    Path old = folder.resolve("old jdk");
    Files.createDirectories(old.resolve("bin"));
    Files.writeString(old.resolve("release"), "JAVA_VERSION=\"17.0.9\"\n");
    Files.writeString(old.resolve("bin/java"), "#!/bin/sh\necho old\n");
    Files.setPosixFilePermissions(
        old.resolve("bin/java"), PosixFilePermissions.fromString("rwxr-xr-x"));
    String path = Path.of(System.getProperty("java.home"), "bin") + ":" + System.getenv("PATH");

    Ran ran = script.run(Map.of("JAVA_HOME", old.toString(), "PATH", path), "--version");

    assertThat(ran.out()).as(ran.err()).startsWith("ratatoskr ");
  }

  @Test
  void optionsOfTheJvm_mayHoldBlanks() {
    Ran ran =
        script.run(
            Map.of("RATATOSKR_JAVA_OPTS", " '-Djava.io.tmpdir=/no/such folder'  -Dx=y"),
            "embed",
            "text");
    assertThat(ran.err()).contains("/no/such folder");

    Ran open = script.run(Map.of("RATATOSKR_JAVA_OPTS", "'-Dx=y"), "--version");
    assertThat(open.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(open.err().lines()).hasSize(1);
    assertThat(open.err()).contains("RATATOSKR_JAVA_OPTS");
  }

  @Test
  void twoThatStartAtOnce_buildOnce(@TempDir Path checkout) throws IOException {
    Script fresh = Script.in(checkout);
    Files.delete(fresh.lib());
    Files.writeString(checkout.resolve("pom.xml"), "<project/>\n");
    Path maven =
        Files.writeString(
            checkout.resolve("mvnw"),
            """
            #!/bin/sh
            echo built >>built.log
            while ! [ -e second ]; do sleep 0.1; done
            mkdir -p launcher/target/app
            ln -s "%s" launcher/target/app/lib
            """
                .formatted(Script.built()));
    Files.setPosixFilePermissions(maven, PosixFilePermissions.fromString("rwxr-xr-x"));

    // The second one says that it waits, and lets the build end by that.
    Ran ran =
        fresh.shell(
            NOTHING,
            """
            "$0" --version & first=$!
            until [[ -e built.log ]]; do sleep 0.1; done
            "$0" --version 2> >(tee >(grep -q waiting && touch second) >&2)
            second=$?
            wait "$first" && exit "$second"
            """);

    assertThat(ran.exitCode()).as(ran.err()).isEqualTo(ExitCode.WHOLE);
    assertThat(ran.out().lines()).hasSize(2);
    assertThat(ran.err()).contains("waiting for the build of another command");
    assertThat(Files.readAllLines(checkout.resolve("built.log"))).hasSize(1);
  }
}
