package io.ratatoskr.launcher.operate;

import io.ratatoskr.launcher.command.Columns;
import io.ratatoskr.schemas.wire.UsageRecord;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Usage summed up by what requests have in common. What a router wrote twice, since it crashed,
 * counts once.
 */
final class UsageReport {
  /** Copies follow within seconds, so that few records have to be remembered for them. */
  private static final int REMEMBERED = 100_000;

  private static final int MOST_GROUPS = 100_000;
  private static final String NOBODY = "-";

  /** What usage can be summed up by. */
  enum Field {
    TENANT((usage, at) -> usage.getTenant()),
    MODEL((usage, at) -> usage.getModel()),
    PROVIDER((usage, at) -> usage.getProvider()),
    POOL((usage, at) -> usage.getPool()),
    LOCATION((usage, at) -> usage.getLocation().name().toLowerCase(Locale.ROOT)),
    LANE((usage, at) -> usage.getLane()),
    CAPABILITY((usage, at) -> usage.getCapability()),
    DOMAIN((usage, at) -> usage.getDomain()),
    OUTCOME((usage, at) -> usage.getOutcome()),
    HOUR((usage, at) -> at.truncatedTo(ChronoUnit.HOURS).toString()),
    DAY((usage, at) -> at.atOffset(ZoneOffset.UTC).toLocalDate().toString());

    @SuppressWarnings("ImmutableEnumChecker") // of a function without state
    private final BiFunction<UsageRecord, Instant, String> of;

    Field(BiFunction<UsageRecord, Instant, String> of) {
      this.of = of;
    }

    private String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The field of that name.
     *
     * @throws IllegalArgumentException if there is none
     */
    static Field named(String word) {
      return Arrays.stream(values())
          .filter(field -> field.word().equals(word))
          .findFirst()
          .orElseThrow(() ->
              new IllegalArgumentException(
                  "--by: there is no '%s'; there are %s"
                      .formatted(
                          word,
                          Arrays.stream(values())
                              .map(Field::word)
                              .collect(Collectors.joining(", ")))));
    }
  }

  /** A sum. */
  private static final class Sum {
    private long requests;
    private long failed;
    private long joined;
    private long cached;
    private long attempts;
    private long promptTokens;
    private long completionTokens;
    private double cost;
    private long executionMs;

    void add(UsageRecord usage) {
      requests += usage.getRequests();
      failed += usage.getOutcome().equals("Answered") ? 0 : usage.getRequests();
      joined += usage.getJoined();
      cached += usage.getCached() ? usage.getRequests() : 0;
      attempts += usage.getAttempts();
      promptTokens += count(usage.getPromptTokens());
      completionTokens += count(usage.getCompletionTokens());
      cost += usage.getCost() == null ? 0 : usage.getCost();
      executionMs += usage.getExecutionMs();
    }

    private static long count(@Nullable Long tokens) {
      return tokens == null ? 0 : tokens;
    }
  }

  /** What two copies of a record have in common. */
  private record Copy(String requestId, int generation, String outcome) {}

  private final List<Field> by;
  private final Map<List<String>, Sum> sums =
      new TreeMap<>(Comparator.comparing((List<String> key) -> String.join("\0", key)));
  private final Map<Copy, Boolean> known =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Copy, Boolean> eldest) {
          return size() > REMEMBERED;
        }
      };

  /**
   * A report without usage yet.
   *
   * @param by what is summed up by, in the order of the columns; may be empty
   */
  UsageReport(List<Field> by) {
    this.by = List.copyOf(by);
  }

  /** Adds a record that was written then. */
  void add(UsageRecord usage, Instant written) {
    Copy copy = new Copy(usage.getRequestId(), usage.getGeneration(), usage.getOutcome());
    if (known.put(copy, true) != null) {
      return;
    }
    List<String> key = by.stream().map(field -> field.of.apply(usage, written)).toList();
    if (sums.size() >= MOST_GROUPS && !sums.containsKey(key)) {
      throw new IllegalStateException(
          "there are more than %d sums; sum up by less, or since a later time"
              .formatted(MOST_GROUPS));
    }
    sums.computeIfAbsent(key, none -> new Sum()).add(usage);
  }

  boolean isEmpty() {
    return sums.isEmpty();
  }

  /** A table, a line for each sum. */
  String table() {
    List<List<String>> rows = new ArrayList<>();
    List<String> header = new ArrayList<>(by.stream().map(Field::name).toList());
    header.addAll(
        List.of(
            "REQUESTS",
            "FAILED",
            "JOINED",
            "CACHED",
            "ATTEMPTS",
            "TOKENS IN",
            "TOKENS OUT",
            "USD",
            "SECONDS"));
    rows.add(header);
    sums.forEach((key, sum) -> rows.add(row(key, sum)));
    return Columns.of(rows);
  }

  private static List<String> row(List<String> key, Sum sum) {
    List<String> row = new ArrayList<>();
    key.forEach(value -> row.add(value.isBlank() ? NOBODY : value));
    for (long count :
        new long[] {
          sum.requests,
          sum.failed,
          sum.joined,
          sum.cached,
          sum.attempts,
          sum.promptTokens,
          sum.completionTokens
        }) {
      row.add(Long.toString(count));
    }
    row.add(String.format(Locale.ROOT, "%.4f", sum.cost));
    row.add(String.format(Locale.ROOT, "%.1f", (double) sum.executionMs / 1e3));
    return row;
  }

  /** The sums as JSON. */
  List<ObjectNode> json() {
    return sums.entrySet().stream().map(entry -> json(entry.getKey(), entry.getValue())).toList();
  }

  private ObjectNode json(List<String> key, Sum sum) {
    ObjectNode json = JsonMapper.shared().createObjectNode();
    for (int i = 0; i < by.size(); i++) {
      json.put(by.get(i).word(), key.get(i));
    }
    return json.put("requests", sum.requests)
        .put("failed", sum.failed)
        .put("joined", sum.joined)
        .put("cached", sum.cached)
        .put("attempts", sum.attempts)
        .put("prompt_tokens", sum.promptTokens)
        .put("completion_tokens", sum.completionTokens)
        .put("cost", sum.cost)
        .put("execution_ms", sum.executionMs);
  }
}
