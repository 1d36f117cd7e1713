package io.ratatoskr.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
  private static final KnownSettings KNOWN =
      new KnownSettings(
          List.of(
              new Section("a", "", List.of(NAME, LIST)),
              new Section("kafka", "", List.of(TABLE)),
              POOLS),
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
