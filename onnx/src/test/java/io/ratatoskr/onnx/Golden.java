package io.ratatoskr.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a reference made of a model's inputs: {@code golden.json} in its folder. */
final class Golden {
  private Golden() {}

  static List<JsonNode> of(Path folder) {
    List<JsonNode> rows = new ArrayList<>();
    JsonMapper.shared().readTree(folder.resolve("golden.json")).forEach(rows::add);
    assertThat(rows).isNotEmpty();
    return rows;
  }

  static void assertGiven(List<ItemResult> results, List<JsonNode> golden, float tolerance) {
    assertThat(results).hasSameSizeAs(golden);
    for (int i = 0; i < golden.size(); i++) {
      JsonNode row = golden.get(i);
      assertThat(results.get(i))
          .isInstanceOfSatisfying(
              ItemResult.Inferred.class,
              inferred -> {
                assertThat(inferred.tokens()).isEqualTo(row.path("tokens").asInt());
                float[] expected = new float[row.path("output").size()];
                for (int n = 0; n < expected.length; n++) {
                  expected[n] = (float) row.path("output").path(n).asDouble();
                }
                assertThat(inferred.output())
                    .as("%s", row)
                    .containsExactly(expected, within(tolerance));
              });
    }
  }
}
