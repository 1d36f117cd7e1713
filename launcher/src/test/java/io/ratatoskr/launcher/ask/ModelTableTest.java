package io.ratatoskr.launcher.ask;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratatoskr.client.KnownModel;
import io.ratatoskr.client.KnownModel.State;
import io.ratatoskr.schemas.Capability;
import io.ratatoskr.schemas.Location;
import io.ratatoskr.schemas.chat.Price;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ModelTableTest {
  private static final KnownModel FAR =
      new KnownModel(
          "far",
          Set.of(Capability.GENERATE, Capability.CHAT),
          "away",
          Location.REMOTE,
          State.READY,
          Optional.empty(),
          8192,
          0,
          Optional.of(new Price(2, 0.5)),
          3);
  private static final KnownModel BROKEN =
      new KnownModel(
          "minilm",
          Set.of(Capability.EMBED),
          "embed",
          Location.LOCAL,
          State.UNAVAILABLE,
          Optional.of("no graph"),
          0,
          0,
          Optional.empty(),
          1);

  @Test
  void of_isALineForEachModel_inColumns() {
    assertThat(ModelTable.of(List.of(FAR, BROKEN)))
        .isEqualTo(
            """
            MODEL   CAPABILITY      POOL   LOCATION  STATE        TOKENS  PRICE
            far     chat, generate  away   remote    ready        8192    2 in, 0.5 out
            minilm  embed           embed  local     unavailable  -       -              no graph
            """);
  }

  @Test
  void json_leavesOutWhatIsNotKnown() {
    assertThat(ModelTable.json(FAR).toString())
        .isEqualTo(
            "{\"model\":\"far\",\"capabilities\":[\"chat\",\"generate\"],\"pool\":\"away\","
                + "\"location\":\"remote\",\"state\":\"ready\",\"max_tokens\":8192,"
                + "\"prompt_price\":2.0,\"answer_price\":0.5,\"workers\":3}");
    assertThat(ModelTable.json(BROKEN).toString())
        .isEqualTo(
            "{\"model\":\"minilm\",\"capabilities\":[\"embed\"],\"pool\":\"embed\","
                + "\"location\":\"local\",\"state\":\"unavailable\",\"reason\":\"no graph\","
                + "\"workers\":1}");
  }
}
