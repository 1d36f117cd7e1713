package io.ratatoskr.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ratatoskr.testkit.Guarantee.Reply;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class GuaranteesTest {

  @Nested
  class NothingLostJudges {
    private final NothingLost<String> guarantee = new NothingLost<>();

    @Test
    void repliesInAnyOrderAndTwice() {
      request("a", "b");
      reply("b", "a", "a", "c");
      request("c");
      assertThat(guarantee.violations()).isEmpty();
      assertThat(guarantee.unanswered()).isZero();
    }

    @Test
    void aLostRequest() {
      request("a", "b");
      reply("a");
      assertThat(guarantee.unanswered()).isEqualTo(1);
      assertThat(guarantee.violations()).containsExactly("b has no terminal reply");
    }

    @Test
    void aReplyThatNobodyAskedFor() {
      request("a");
      reply("a", "x");
      assertThat(guarantee.violations())
          .containsExactly("x has a terminal reply and was never requested");
    }

    @Test
    void checkNamesTheFirstTen() {
      request(IntStream.range(0, 30).mapToObj(Integer::toString).toArray(String[]::new));
      assertThatThrownBy(guarantee::check)
          .isInstanceOf(AssertionError.class)
          .hasMessageStartingWith("NothingLost was broken 30 times:\n  0 has no terminal reply")
          .hasMessageNotContaining("10 has");
    }

    private void request(String... ids) {
      List.of(ids).forEach(guarantee::requested);
    }

    private void reply(String... ids) {
      List.of(ids).forEach(id -> guarantee.replied(new Reply<>(id, 1, "x")));
    }
  }

  @Nested
  class OneTerminalReplyJudges {
    private final OneTerminalReply<String> lenient = OneTerminalReply.ignoringLater();
    private final OneTerminalReply<String> strict = OneTerminalReply.withEqualDuplicates();

    @Test
    void wireDuplicates() {
      reply("a", 5, "x");
      reply("a", 9, "x");
      deliver("a", "x");
      assertThat(lenient.violations()).isEmpty();
      assertThat(strict.violations()).isEmpty();
    }

    @Test
    void theFirstByOffsetWhateverTheOrderOfTelling() {
      reply("a", 9, "y");
      reply("a", 5, "x");
      deliver("a", "x");
      assertThat(lenient.violations()).isEmpty();
      assertThat(strict.violations())
          .containsExactly("a has x at offset 5 and then another, y at offset 9");
    }

    @Test
    void aLaterReplyDelivered() {
      reply("a", 5, "x");
      reply("a", 9, "y");
      deliver("a", "y");
      assertThat(lenient.violations())
          .containsExactly("a was delivered y, its first reply is x at offset 5");
    }

    @Test
    void anAnswerDeliveredTwice() {
      reply("a", 5, "x");
      deliver("a", "x");
      deliver("a", "x");
      assertThat(lenient.violations()).containsExactly("a was delivered 2 times");
    }

    @Test
    void anAnswerFromNowhere() {
      deliver("a", "x");
      assertThat(lenient.violations()).containsExactly("a was delivered without a terminal reply");
    }

    @Test
    void anUndeliveredReplyIsNotItsConcern() {
      reply("a", 5, "x");
      assertThatCode(strict::check).doesNotThrowAnyException();
    }

    private void reply(String id, long offset, String payload) {
      lenient.replied(new Reply<>(id, offset, payload));
      strict.replied(new Reply<>(id, offset, payload));
    }

    private void deliver(String id, String payload) {
      lenient.delivered(id, payload);
      strict.delivered(id, payload);
    }
  }

  @Nested
  class InputOrderJudges {
    @Test
    void rowsInOrderWithGapsAndRepeatedIds() {
      assertThat(violations("a b c", "a b c")).isEmpty();
      assertThat(violations("a b c", "a c")).isEmpty();
      assertThat(violations("a b a", "a b a")).isEmpty();
      assertThat(violations("a b", "")).isEmpty();
    }

    @Test
    void aRowThatComesTooLate() {
      assertThat(violations("a b c", "a c b"))
          .containsExactly("row 2, b, comes after the row of input 2, but is input 1");
    }

    @Test
    void aRowTooMany() {
      assertThat(violations("a b", "a a b"))
          .containsExactly("row 1, a, comes after the row of input 0, but is input 0");
    }

    @Test
    void aRowThatIsNoInput() {
      assertThat(violations("a b", "a x b")).containsExactly("row 1, x, is no input");
    }

    private List<String> violations(String inputs, String rows) {
      InputOrder<String> guarantee = new InputOrder<>();
      inputs.chars().filter(c -> c != ' ').forEach(c -> guarantee.requested(Character.toString(c)));
      rows.chars()
          .filter(c -> c != ' ')
          .forEach(c -> guarantee.delivered(Character.toString(c), "row"));
      return guarantee.violations();
    }
  }
}
