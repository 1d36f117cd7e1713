package io.ratatoskr.launcher.operate;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.ratatoskr.launcher.command.Columns;
import io.ratatoskr.schemas.wire.FailedAttempt;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Dead letters for people: a line each, or one in full; and the same as JSON. */
final class LetterText {
  private static final List<String> HEADER =
      List.of("ID", "WRITTEN", "CODE", "LANE", "CAPABILITY", "MODEL", "TENANT", "TRIED", "REASON");
  private static final int REASON_COLUMNS = 60;
  private static final String UNKNOWN = "-";

  private LetterText() {}

  /** A table. */
  static String table(List<Letter> letters) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(HEADER);
    letters.forEach(letter -> rows.add(row(letter)));
    return Columns.of(rows);
  }

  private static List<String> row(Letter letter) {
    String replayed = letter.replayedAs() == null ? "" : "(sent again) ";
    return List.of(
        letter.id().toString(),
        time(letter.written()),
        letter.content().getCode(),
        word(letter.lane()),
        word(letter.capability()),
        word(letter.model()),
        word(letter.tenant()),
        Integer.toString(tried(letter)),
        cut(replayed + oneLine(letter.content().getReason())));
  }

  /** The number of attempts, of which only the last ones are kept. */
  private static int tried(Letter letter) {
    List<FailedAttempt> attempts = letter.content().getAttempts();
    return attempts.isEmpty() ? 0 : attempts.getLast().getAttempt();
  }

  /** All that a letter says but its value. */
  static String full(Letter letter) {
    List<List<String>> facts = new ArrayList<>();
    facts.add(List.of("Letter", letter.id() + ", written " + time(letter.written())));
    facts.add(List.of("Request", word(letter.requestId())));
    facts.add(List.of("Place", letter.place()));
    facts.add(List.of("Model", word(letter.model())));
    facts.add(List.of("Tenant", word(letter.tenant())));
    facts.add(
        List.of(
            "Failed", letter.content().getCode() + ": " + oneLine(letter.content().getReason())));
    facts.add(
        List.of("Sent again", letter.replayedAs() == null ? "no" : "as " + letter.replayedAs()));
    ByteBuffer value = letter.content().getValue();
    facts.add(
        List.of("Value", value == null ? "not here; at its place" : value.remaining() + " bytes"));
    StringBuilder text = new StringBuilder(Columns.of(facts));
    if (!letter.content().getAttempts().isEmpty()) {
      List<List<String>> rows = new ArrayList<>();
      rows.add(List.of("#", "POOL", "MODEL", "WORKER", "SENT", "TOOK", "ERROR"));
      letter.content().getAttempts().forEach(attempt -> rows.add(row(attempt)));
      text.append('\n').append(Columns.of(rows));
    }
    if (!letter.content().getHeaders().isEmpty()) {
      List<List<String>> rows = new ArrayList<>();
      rows.add(List.of("HEADER", "VALUE"));
      new TreeMap<>(letter.content().getHeaders())
          .forEach((name, bytes) -> rows.add(List.of(oneLine(name), oneLine(text(bytes)))));
      text.append('\n').append(Columns.of(rows));
    }
    return text.toString();
  }

  private static List<String> row(FailedAttempt attempt) {
    return List.of(
        Integer.toString(attempt.getAttempt()),
        attempt.getPool(),
        attempt.getModel(),
        attempt.getWorker() == null ? UNKNOWN : attempt.getWorker(),
        time(Instant.ofEpochMilli(attempt.getDispatchedMs())),
        Math.max(0, attempt.getEndedMs() - attempt.getDispatchedMs()) + " ms",
        attempt.getError().getCode() + ": " + oneLine(attempt.getError().getMessage()));
  }

  /** A letter as JSON, without its value. */
  static ObjectNode json(Letter letter) {
    ObjectNode json =
        JsonMapper.shared()
            .createObjectNode()
            .put("id", letter.id().toString())
            .put("written", letter.written().toString())
            .put("code", letter.content().getCode())
            .put("reason", letter.content().getReason())
            .put("topic", letter.content().getTopic())
            .put("partition", letter.content().getPartition())
            .put("offset", letter.content().getOffset())
            .put("lane", letter.lane())
            .put("capability", letter.capability())
            .put("model", letter.model())
            .put("tenant", letter.tenant())
            .put("request_id", letter.requestId())
            .put("replayed_as", letter.replayedAs());
    ArrayNode attempts = json.putArray("attempts");
    for (FailedAttempt attempt : letter.content().getAttempts()) {
      attempts
          .addObject()
          .put("attempt", attempt.getAttempt())
          .put("pool", attempt.getPool())
          .put("model", attempt.getModel())
          .put("worker", attempt.getWorker())
          .put("dispatched", Instant.ofEpochMilli(attempt.getDispatchedMs()).toString())
          .put("ended", Instant.ofEpochMilli(attempt.getEndedMs()).toString())
          .put("code", attempt.getError().getCode())
          .put("message", attempt.getError().getMessage());
    }
    return json;
  }

  private static String time(Instant instant) {
    return instant.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  private static String word(String text) {
    return text.isBlank() ? UNKNOWN : oneLine(text);
  }

  private static String text(ByteBuffer bytes) {
    return UTF_8.decode(bytes.duplicate()).toString();
  }

  /** A terminal's own characters are nobody's to send. */
  private static String oneLine(String text) {
    return text.strip().replaceAll("[\\s\\p{Cntrl}]+", " ");
  }

  private static String cut(String text) {
    return text.length() <= REASON_COLUMNS ? text : text.substring(0, REASON_COLUMNS - 1) + "…";
  }
}
