package io.ratatoskr.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LayersTest {
  private static final Setting<String> NAME = Setting.text("a.name", "", "", text -> true, "");
  private static final Setting<List<String>> LIST =
      Setting.list("a.b.the-list", List.of(), "", text -> true, "");
  private static final Setting<Map<String, String>> TABLE =
      Setting.table("kafka", List.of(), "", (name, text) -> text, "");
  private static final Setting<String> POOL = Setting.text("pools.name", "", "", text -> true, "");
  private static final Setting<Integer> SLOTS = Setting.integer("pools.slots", 1, 1, 9, "");
  private static final Section POOLS =
      new Section(
          "pools",
          "",
          List.of(POOL, SLOTS),
          new Section.Repetition(
              List.of(
                  Map.of("pools.name", new RawValue.Text("x")),
                  Map.of("pools.name", new RawValue.Text("y"))),
              Map.of("pools.name", new RawValue.Text("example"))));
  private static final Setting<String> SERVER =
      Setting.text("servers.name", "", "a name", text -> text.matches("[a-z0-9.]+"), "Which.");
  private static final Setting<String> URL = Setting.text("servers.url", "", "", text -> true, "");
  private static final Setting<String> KEY =
      Setting.text("servers.key", "", "", text -> true, "").hidden();
  private static final Setting<Map<String, String>> PRICE =
      Setting.table("servers.price", List.of(), "", (name, text) -> text, "");
  private static final Section SERVERS =
      new Section(
          "servers",
          "",
          List.of(SERVER, URL, KEY, PRICE),
          new Section.Repetition(
              List.of(),
              Map.of(
                  "servers.name", new RawValue.Text("mine"),
                  "servers.url", new RawValue.Text("http://127.0.0.1")),
              true));
  private static final KnownSettings KNOWN =
      new KnownSettings(
          List.of(
              new Section("a", "", List.of(NAME, LIST)),
              new Section("kafka", "", List.of(TABLE)),
              POOLS,
              SERVERS),
          Map.of("RATATOSKR_A_DIR", "a variable of somebody else"));

  @TempDir private Path folder;

  private Layers layers(Map<String, String> environment) {
    return Layers.of(
        KNOWN,
        new Layers.Surroundings(
            folder.resolve("machine.toml"), folder.resolve("user.toml"), environment));
  }

  private Path write(String name, String content) throws IOException {
    return Files.writeString(folder.resolve(name), content);
  }

  @Test
  void theLaterWins_andItsOriginIsKnown() throws IOException {
    Layers layers = layers(Map.of());
    assertThat(NAME.of(layers.read())).isEmpty();
    assertThat(layers.read().origin("a.name")).isEmpty();

    Path machine = write("machine.toml", "[a]\nname = \"machine\"\n");
    assertThat(NAME.of(layers.read())).isEqualTo("machine");
    assertThat(layers.read().origin("a.name")).contains(new Origin.Line(machine, 2, 1));

    write("user.toml", "\n[a]\nname = \"user\"\n");
    assertThat(NAME.of(layers.read())).isEqualTo("user");

    Layers named = layers.withFile(write("own.toml", "a.name = \"own\"\n"));
    assertThat(NAME.of(named.read())).isEqualTo("own");

    Path own = folder.resolve("own.toml");
    Layers more = layers(Map.of("RATATOSKR_A_NAME", "environment")).withFile(own);
    assertThat(NAME.of(more.read())).isEqualTo("environment");

    Layers set = more.withSet(Map.of("a.name", "set"));
    assertThat(NAME.of(set.read())).isEqualTo("set");
    assertThat(set.read().origin("a.name")).get().hasToString("--set a.name=set");

    Layers flagged = set.withFlag("--name", "a.name", "flag");
    assertThat(NAME.of(flagged.read())).isEqualTo("flag");
    assertThat(flagged.read().origin("a.name")).get().hasToString("--name");
  }

  @Test
  void dottedKeysAndTables_areTheSame() throws IOException {
    Path file =
        write(
            "x.toml",
            """
            kafka.acks = "all"
            [kafka]
            security.protocol = "SSL"
            "ssl.protocol" = "TLSv1.3"
            retries = 3
            [kafka.sasl]
            mechanism = "PLAIN"
            """
                .replace("kafka.acks = \"all\"\n", ""));

    assertThat(TABLE.of(layers(Map.of()).withFile(file).read()))
        .isEqualTo(
            Map.of(
                "security.protocol", "SSL",
                "ssl.protocol", "TLSv1.3",
                "retries", "3",
                "sasl.mechanism", "PLAIN"));
  }

  private static String servers(Values values) {
    return values.entries(SERVERS).stream()
        .map(entry ->
            "%s %s %s %s"
                .formatted(SERVER.of(entry), URL.of(entry), KEY.of(entry), PRICE.of(entry)))
        .collect(Collectors.joining(", "));
  }

  @Test
  void namedEntries_aLaterFileAddsKeysToThem_andSecretsHaveAFileOfTheirOwn() throws IOException {
    write(
        "user.toml",
        """
        [servers.b]
        url = "u"
        key = "k"
        [servers.b.price]
        "m-1.5" = 2.5
        [servers."a.1"]
        url = "v"
        """);
    assertThat(servers(layers(Map.of()).read())).isEqualTo("b u k {m-1.5=2.5}, a.1 v  {}");

    Path secrets = write("secrets.toml", "servers.b.key = \"secret\"\n");
    Files.setPosixFilePermissions(secrets, PosixFilePermissions.fromString("rw-------"));
    Layers layers = layers(Map.of());
    assertThat(servers(layers.read())).isEqualTo("a.1 v  {}, b u secret {m-1.5=2.5}");
    assertThat(layers.files()).endsWith(secrets);
    assertThat(TomlText.of(KNOWN, layers.read(), true))
        .contains("[servers.\"a.1\"]\n", "[servers.b]\n", "key = \"****\"  # " + secrets)
        .contains("price.m-1.5 = \"2.5\"")
        .doesNotContain("secret\"");

    Files.setPosixFilePermissions(secrets, PosixFilePermissions.fromString("rw-r-----"));
    assertThatThrownBy(layers::read)
        .hasMessage(
            "%s: others may read or change it; run chmod 600 %s".formatted(secrets, secrets));
  }

  @Test
  void namedEntries_areShownWithTheirHeaders() {
    assertThat(TomlText.template(KNOWN, "head"))
        .contains("#[servers.mine]\n", "#url = \"http://127.0.0.1\"")
        .doesNotContain("#name = \"mine\"");
    assertThat(SERVERS.markdown())
        .contains("```toml\n[servers.mine]\nurl", "| `servers.NAME.url` |")
        .doesNotContain("servers.name");
  }

  private static String pools(Values values) {
    return values.entries(POOLS).stream()
        .map(entry -> POOL.of(entry) + SLOTS.of(entry))
        .collect(Collectors.joining(" "));
  }

  @Test
  void entries_standardOnesStandFirst_thenThoseThatAreWrittenInTheirOrder() throws IOException {
    assertThat(pools(Values.none())).isEqualTo("x1 y1");

    write("machine.toml", "[[pools]]\nname = \"b\"\nslots = 2\n[[pools]]\nname = \"x\"\n");
    assertThat(pools(layers(Map.of()).read())).isEqualTo("y1 b2 x1");

    write("user.toml", "pools = [{name = \"b\"}, {name = \"a\", slots = 3}]\n");
    Values both = layers(Map.of()).read();
    assertThat(pools(both)).isEqualTo("y1 x1 b1 a3");
    assertThat(both).isNotEqualTo(Values.none());
  }

  @Test
  void entries_areShownAndReadAgain() throws IOException {
    Path file = write("x.toml", "[a]\nname = \"n\"\n[[pools]]\nname = \"${P:-b}\"\nslots = 2\n");
    Values values = layers(Map.of()).withFile(file).read();

    String shown = TomlText.of(KNOWN, values, true);
    assertThat(shown)
        .contains("[[pools]]\nname = \"x\"  # default\nslots = 1  # default\n")
        .contains("[[pools]]\nname = \"b\"  # %s:4:1\nslots = 2  # %s:5:1\n".formatted(file, file));
    assertThat(KNOWN.read(layers(Map.of()).withFile(write("y.toml", shown)).read()))
        .isEqualTo(KNOWN.read(values));
    assertThat(TomlText.template(KNOWN, "Head."))
        .contains("#[[pools]]\n")
        .contains("#name = \"example\"\n")
        .contains("#slots = 1\n");
  }

  @Test
  void refusalOfAnEntry_namesThePlaceOfItsKeyOrItsOwn() throws IOException {
    Path file = write("x.toml", "\n[[pools]]\nname = \"b\"\n");
    Values entry = layers(Map.of()).withFile(file).read().entries(POOLS).get(2);

    assertThatThrownBy(() -> entry.locate(() -> refuse("pools.name")))
        .hasMessage(file + ":3:1: pools.name: no");
    assertThatThrownBy(() -> entry.locate(() -> refuse("pools.slots")))
        .hasMessage(file + ":2:1: pools.slots: no");
  }

  @Test
  void entriesThatComplete_keepWhatTheyLeaveOut() throws IOException {
    Section completing =
        new Section(
            "pools",
            "",
            List.of(POOL, SLOTS),
            new Section.Repetition(
                    List.of(
                        Map.of(
                            "pools.name", new RawValue.Text("x"),
                            "pools.slots", new RawValue.Text("7"))),
                    Map.of())
                .completing());
    Path file = write("x.toml", "[[pools]]\nname = \"b\"\n[[pools]]\nname = \"x\"\n");
    Values values = layers(Map.of()).withFile(file).read();

    assertThat(values.entries(completing)).extracting(SLOTS::of).containsExactly(1, 7);
    assertThat(pools(values)).isEqualTo("y1 b1 x1");
    assertThatThrownBy(() -> values.entries(completing).get(1).locate(() -> refuse("pools.slots")))
        .hasMessage(file + ":3:1: pools.slots: no");
  }

  private static String refuse(String key) {
    throw new InvalidSettingException(key, "no");
  }

  @Test
  void lists_areSplitOutsideOfFilesOnly() throws IOException {
    Path file = write("x.toml", "[a.b]\nthe-list = \"p,q\"\n");

    assertThat(LIST.of(layers(Map.of()).withFile(file).read())).containsExactly("p,q");
    assertThat(LIST.of(layers(Map.of("RATATOSKR_A_B_THE_LIST", "p, q")).read()))
        .containsExactly("p", "q");
    assertThat(LIST.of(layers(Map.of()).withSet(Map.of("a.b.the-list", "[\"p,q\", 'r']")).read()))
        .containsExactly("p,q", "r");
  }

  @Test
  void variables_standForTheirText() throws IOException {
    Path file = write("x.toml", "[a]\nname = \"${A}-${B:-b}-${C:-}-$${A}\"\n");

    assertThat(NAME.of(layers(Map.of("A", "${B}")).withFile(file).read()))
        .isEqualTo("${B}-b--${A}");
  }

  @Test
  void whatKafkaReplaces_isLeftToIt() throws IOException {
    Path file = write("x.toml", "[kafka]\nssl.key.password = \"${file:/run/secrets:key}\"\n");

    assertThat(TABLE.of(layers(Map.of()).withFile(file).read()))
        .containsEntry("ssl.key.password", "${file:/run/secrets:key}");
  }

  @Test
  void environment_tablesAndForeignNames() {
    Values values =
        layers(
                Map.of(
                    "RATATOSKR_KAFKA_SECURITY_PROTOCOL", "SSL",
                    "RATATOSKR_A_SERVICE_HOST", "10.0.0.1",
                    "RATATOSKR_A_PORT_9741_TCP_ADDR", "10.0.0.1",
                    "RATATOSKR_A_DIR", "/x",
                    "PATH", "/bin"))
            .read();

    assertThat(values.keys()).containsExactly("kafka.security.protocol");
  }
}
