package io.ratatoskr.launcher.ask;

import io.ratatoskr.client.KnownModel;
import io.ratatoskr.launcher.command.Columns;
import io.ratatoskr.schemas.Capability;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Models for people: a line for each, in columns. */
final class ModelTable {
  private static final List<String> HEADER =
      List.of("MODEL", "CAPABILITY", "POOL", "LOCATION", "STATE", "TOKENS", "PRICE", "");
  private static final String UNKNOWN = "-";

  private ModelTable() {}

  static String of(List<KnownModel> models) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(HEADER);
    models.forEach(model -> rows.add(row(model)));
    return Columns.of(rows);
  }

  private static List<String> row(KnownModel model) {
    return List.of(
        model.id(),
        String.join(", ", capabilities(model)),
        model.pool(),
        word(model.location()),
        word(model.state()),
        model.maxTokens() == 0 ? UNKNOWN : Integer.toString(model.maxTokens()),
        model
            .price()
            .map(price -> amount(price.prompt()) + " in, " + amount(price.completion()) + " out")
            .orElse(UNKNOWN),
        remark(model));
  }

  /** More that is known: the length of vectors, why a model is unavailable. */
  private static String remark(KnownModel model) {
    return model.reason().orElse(model.dimensions() == 0 ? "" : model.dimensions() + " dimensions");
  }

  private static String amount(double price) {
    return price == Math.rint(price) ? Long.toString((long) price) : Double.toString(price);
  }

  private static List<String> capabilities(KnownModel model) {
    return model.capabilities().stream().sorted().map(Capability::topicName).toList();
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  /** The same as JSON. */
  static ObjectNode json(KnownModel model) {
    ObjectNode row = JsonMapper.shared().createObjectNode();
    row.put("model", model.id());
    ArrayNode capabilities = row.putArray("capabilities");
    capabilities(model).forEach(capabilities::add);
    row.put("pool", model.pool())
        .put("location", word(model.location()))
        .put("state", word(model.state()));
    model.reason().ifPresent(reason -> row.put("reason", reason));
    if (model.maxTokens() > 0) {
      row.put("max_tokens", model.maxTokens());
    }
    if (model.dimensions() > 0) {
      row.put("dimensions", model.dimensions());
    }
    model
        .price()
        .ifPresent(price ->
            row.put("prompt_price", price.prompt()).put("answer_price", price.completion()));
    if (model.workers() > 0) {
      row.put("workers", model.workers());
    }
    return row;
  }
}
