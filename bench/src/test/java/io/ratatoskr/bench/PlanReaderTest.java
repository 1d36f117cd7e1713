package io.ratatoskr.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PlanReaderTest {
  private static final Plan PLAN = Plan.counting(12, 10);

  private final List<Double> delays = new ArrayList<>();

  private static String pieces(Plan plan) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < plan.tokens(); i++) {
      text.append(plan.piece(i, 1_000L * i));
    }
    return text.toString();
  }

  private PlanReader reader(Plan plan, String text) {
    PlanReader reader = new PlanReader(plan, delays);
    reader.read(text, 20_000);
    return reader;
  }

  @Test
  void words_sayThePlan_withinWhateverHoldsThem() {
    Plan plan = PLAN.after(200).paddedBy(7).withStamps().as(31);
    assertThat(Plan.in("{\"content\":\"" + plan.words() + "\"}")).contains(plan);
    assertThat(Plan.in(PLAN.words())).contains(PLAN);
    assertThat(Plan.in("Hello")).isEmpty();
  }

  @Test
  void theWholeAnswer_isWhole_howeverItIsCut() {
    String text = pieces(PLAN);
    for (int cut = 0; cut < text.length(); cut++) {
      PlanReader reader = reader(PLAN, text.substring(0, cut));
      assertThat(reader.isWhole()).isFalse();
      reader.read(text.substring(cut), 20_000);
      assertThat(reader.isWhole()).isTrue();
      assertThat(reader.pieces()).isEqualTo(12);
    }
  }

  @Test
  void aPieceThatIsMissing_doubled_orOutOfOrder_breaksIt() {
    String text = pieces(PLAN);
    assertThat(reader(PLAN, text.replace("4 5 ", "5 ")).isWhole()).isFalse();
    assertThat(reader(PLAN, text.replace("4 5 ", "4 4 5 ")).isWhole()).isFalse();
    assertThat(reader(PLAN, text.replace("4 5 ", "5 4 ")).isWhole()).isFalse();
    assertThat(reader(PLAN, text + "12 ").isWhole()).isFalse();
    assertThat(reader(PLAN, text.replace("5", "?")).isWhole()).isFalse();
  }

  @Test
  void padding_isCounted() {
    Plan padded = PLAN.paddedBy(3);
    assertThat(reader(padded, pieces(padded)).isWhole()).isTrue();
    assertThat(reader(padded, pieces(PLAN)).isWhole()).isFalse();
  }

  @Test
  void stamps_giveDelays_andMustNotGoBack() {
    Plan stamped = PLAN.withStamps();
    assertThat(reader(stamped, pieces(stamped)).isWhole()).isTrue();
    assertThat(delays).hasSize(12).startsWith(20.0, 19.0).endsWith(9.0);
    assertThat(reader(stamped, pieces(stamped).replace("5000 ", "50 ")).isWhole()).isFalse();
  }

  @Test
  void whatIsVoid_isReadAnew() {
    PlanReader reader = reader(PLAN, "0 1 2 7");
    reader.restart();
    reader.read(pieces(PLAN), 0);
    assertThat(reader.isWhole()).isTrue();
  }
}
