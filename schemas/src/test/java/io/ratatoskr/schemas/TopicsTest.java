package io.ratatoskr.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TopicsTest {

  private static List<TopicSpec> specs() {
    return specs(EnumSet.allOf(Lane.class));
  }

  private static List<TopicSpec> specs(Set<Lane> lanes) {
    return Topics.of(
        Deployment.cluster(),
        lanes,
        Map.of(Lane.INTERACTIVE, new Topics.LaneTimes(Duration.ofSeconds(30), Duration.ofHours(3))),
        Pools.standard());
  }

  private static TopicSpec spec(String name) {
    return specs().stream().filter(spec -> spec.name().equals(name)).findAny().orElseThrow();
  }

  @Test
  void oneLane_hasNoTopicOfTheOther() {
    assertThat(specs(EnumSet.of(Lane.BULK)))
        .extracting(TopicSpec::name)
        .contains(Topics.results(Lane.BULK), Topics.catalog())
        .noneMatch(name -> name.contains(Lane.INTERACTIVE.topicName()))
        .hasSizeLessThan(specs().size());
  }

  @Test
  void names_areThoseOfTheDesign() {
    Domain domain = new Domain("acme.search");
    assertThat(Topics.requests(domain, Lane.BULK, Capability.EMBED))
        .isEqualTo("acme.search.bulk.requests.embed");
    assertThat(Topics.replies(domain, Lane.INTERACTIVE))
        .isEqualTo("acme.search.interactive.replies");
    assertThat(Topics.cancellations(domain, Lane.BULK)).isEqualTo("acme.search.bulk.cancellations");
    assertThat(Topics.work(Lane.INTERACTIVE, "onnx"))
        .isEqualTo("ratatoskr.sys.interactive.work.onnx");
    assertThat(Topics.results(Lane.BULK)).isEqualTo("ratatoskr.sys.bulk.results");
    assertThat(Topics.deadLetters()).isEqualTo("ratatoskr.sys.dead-letters");
  }

  @Provide
  static Arbitrary<Domain> domains() {
    return Arbitraries.strings()
        .withChars("ab.-_0")
        .ofMinLength(1)
        .ofMaxLength(30)
        .filter(text -> text.matches("[ab0](.*[ab0])?"))
        .map(Domain::new);
  }

  @Property
  void parse_aRequestTopicsName_givesItsParts(
      @ForAll("domains") Domain domain, @ForAll Lane lane, @ForAll Capability capability) {
    assertThat(Topics.RequestTopic.parse(Topics.requests(domain, lane, capability)))
        .contains(new Topics.RequestTopic(domain, lane, capability));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "x",
        "a.bulk.requests.paint",
        "a.bulk.replies",
        ".bulk.requests.embed",
        "a.slow.requests.embed"
      })
  void parse_anotherName_isEmpty(String name) {
    assertThat(Topics.RequestTopic.parse(name)).isEmpty();
  }

  @Test
  void of_workTopic_startsWithOnePartitionWhereItIsShared() {
    assertThat(spec("ratatoskr.sys.bulk.work.nli").partitions()).isEqualTo(1);
    assertThat(spec("ratatoskr.sys.bulk.work.chat").partitions()).isEqualTo(12);
  }

  @Test
  void of_namesEachTopicOnce_andItsSizesAgreeWithTheLimits() {
    assertThat(specs()).extracting(TopicSpec::name).doesNotHaveDuplicates();
    assertThat(specs())
        .allSatisfy(
            spec -> assertThat(spec.config()).containsEntry("max.message.bytes", "4194304"));
    assertThat(Limits.REQUEST_BYTES + Limits.REPLY_BYTES).isLessThan(Limits.MESSAGE_BYTES);
  }

  @Test
  void of_requestsResultsCancellations_haveEqualPartitions() {
    Domain domain = Domain.DEFAULT;
    for (Lane lane : Lane.values()) {
      assertThat(spec(Topics.requests(domain, lane, Capability.EMBED)).partitions())
          .isEqualTo(12)
          .isEqualTo(spec(Topics.results(lane)).partitions())
          .isEqualTo(spec(Topics.cancellations(domain, lane)).partitions());
      assertThat(spec(Topics.replies(domain, lane)).partitions()).isEqualTo(32);
    }
  }

  @Test
  void of_requests_areStampedByTheBrokerAndKeptADayBeyondTheLongestDeadline() {
    assertThat(spec(Topics.requests(Domain.DEFAULT, Lane.BULK, Capability.EMBED)).config())
        .containsEntry("message.timestamp.type", "LogAppendTime")
        .containsEntry("retention.ms", Long.toString(Duration.ofDays(8).toMillis()))
        .containsEntry("cleanup.policy", "delete");
  }

  @Test
  void of_replies_areKeptAsLongAsTheLaneSays() {
    assertThat(spec(Topics.replies(Domain.DEFAULT, Lane.INTERACTIVE)).config())
        .containsEntry("retention.ms", Long.toString(Duration.ofHours(3).toMillis()));
    assertThat(spec(Topics.replies(Domain.DEFAULT, Lane.BULK)).config())
        .containsEntry("retention.ms", Long.toString(Duration.ofDays(1).toMillis()));
  }

  @Test
  void of_work_isKeptForTheQueueLimitAndAnHour_neverByBytes() {
    assertThat(spec(Topics.work(Lane.INTERACTIVE, "embed")).config())
        .containsEntry("retention.ms", Long.toString(3_630_000))
        .containsEntry("retention.bytes", "-1");
    assertThat(spec(Topics.catalog()).config()).containsEntry("cleanup.policy", "compact");
  }
}
