package io.ratatoskr.bulk;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class JobIdentityTest {

  private static JobIdentity labels(String... labels) {
    return Inquiry.of(ClassifyJob.of("m", List.of(labels))).identity();
  }

  @Test
  void differencesFrom_listsThatReadAlike_areTold() {
    assertThat(labels("a", "b").differencesFrom(labels("a,b")))
        .containsExactly("labels was '[\"a,b\"]' and is '[\"a\",\"b\"]'");
    assertThat(labels("a\",\"b").differencesFrom(labels("a", "b"))).hasSize(1);
    assertThat(labels("a", "b").differencesFrom(labels("a", "b"))).isEmpty();
  }

  @Test
  void differencesFrom_aJobThatHadNoSuchValue_areTold() {
    JobIdentity embed = Inquiry.of(EmbedJob.of("m")).identity();

    assertThat(labels("a").differencesFrom(embed))
        .contains("labels was '' and is '[\"a\"]'")
        .noneMatch(difference -> difference.startsWith("model "));
  }
}
