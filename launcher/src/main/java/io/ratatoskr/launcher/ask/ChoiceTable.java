package io.ratatoskr.launcher.ask;

import io.ratatoskr.launcher.command.Columns;
import io.ratatoskr.policy.Choice;
import io.ratatoskr.policy.Choice.Considered;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A choice for people: what the request came to, and a line for each pool and model looked at. */
final class ChoiceTable {
  private static final List<String> HEADER = List.of("", "POOL", "MODEL", "SCORE", "WHY");
  private static final String NONE = "-";

  private ChoiceTable() {}

  static String of(Choice choice) {
    StringBuilder text = new StringBuilder();
    text.append("Asked for ").append(choice.wanted()).append(".\n");
    if (choice.refusal() != null) {
      text.append(
          "Refused: %s: %s\n"
              .formatted(choice.refusal().code().wireName(), choice.refusal().message()));
    }
    if (choice.holdUntilMs() > 0) {
      text.append("Held back until the first candidate can be asked again.\n");
    }
    if (choice.considered().isEmpty()) {
      return text.toString();
    }
    List<List<String>> rows = new ArrayList<>();
    rows.add(HEADER);
    int place = 0;
    for (Considered one : choice.considered()) {
      rows.add(
          List.of(
              one.chosen() ? Integer.toString(++place) : NONE,
              one.pool(),
              one.model().isEmpty() ? NONE : one.model(),
              one.score() < 0 ? NONE : String.format(Locale.ROOT, "%.2f", one.score()),
              one.verdict()));
    }
    return text.append('\n').append(Columns.of(rows)).toString();
  }

  static ObjectNode json(Choice choice) {
    ObjectNode node = JsonMapper.shared().createObjectNode();
    node.put("wanted", choice.wanted());
    if (choice.refusal() != null) {
      node.putObject("refusal")
          .put("code", choice.refusal().code().wireName())
          .put("message", choice.refusal().message());
    }
    if (choice.holdUntilMs() > 0) {
      node.put("hold_until_ms", choice.holdUntilMs());
    }
    ArrayNode chain = node.putArray("chain");
    choice
        .chain()
        .forEach(link ->
            chain
                .addObject()
                .put("pool", link.pool())
                .put("model", link.model())
                .put("max_attempts", link.maxAttempts())
                .put("queue_limit_ms", link.queueLimitMs())
                .put("budget_ms", link.budgetMs())
                .put("reason", link.reason()));
    ArrayNode considered = node.putArray("considered");
    for (Considered one : choice.considered()) {
      ObjectNode row =
          considered
              .addObject()
              .put("pool", one.pool())
              .put("model", one.model())
              .put("chosen", one.chosen())
              .put("verdict", one.verdict());
      if (one.score() >= 0) {
        row.put("score", one.score());
      }
    }
    return node;
  }
}
