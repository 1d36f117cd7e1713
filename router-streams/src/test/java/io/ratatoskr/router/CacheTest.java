package io.ratatoskr.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratatoskr.catalog.CatalogSnapshot;
import io.ratatoskr.router.Requests.Request;
import io.ratatoskr.schemas.CacheMode;
import io.ratatoskr.schemas.wire.CacheUse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CacheTest {
  private static final Map<String, String> ON =
      Map.of("cache.enabled", "true", "cache.ttl", "PT5M");

  @Test
  void answerServesUntilItExpires() {
    try (Rig rig = new Rig(ON)) {
      answer(rig, Request.of(1, "same").cached(), "v");
      rig.send(Request.of(2, "same").cached());
      List<Told> replies = rig.replies();
      assertThat(replies).extracting(Told::outcome).containsExactly("v");
      assertThat(replies.getFirst().reply().getProvenance().getCache()).isEqualTo(CacheUse.HIT);
      assertThat(replies.getFirst().reply().getProvenance().getModel()).isEqualTo(Requests.MODEL);
      assertThat(rig.work()).isEmpty();

      rig.pass(Duration.ofMinutes(6));
      rig.send(Request.of(3, "same").cached());
      assertThat(rig.work()).hasSize(1);
      assertThat(rig.replies()).isEmpty();
    }
  }

  @Test
  void modesReadAndStoreAsTheySay() {
    try (Rig rig = new Rig(ON)) {
      answer(rig, Request.of(1, "same").with(CacheMode.READ_ONLY), "not stored");
      answer(rig, Request.of(2, "same").with(CacheMode.ON), "stored");
      answer(rig, Request.of(3, "same").with(CacheMode.WRITE_ONLY), "fresh");
      rig.send(Request.of(4, "same").with(CacheMode.READ_ONLY));
      assertThat(rig.replies()).extracting(Told::outcome).containsExactly("fresh");
      answer(rig, Request.of(5, "same").with(CacheMode.OFF), "own");
    }
  }

  /** Its parts go to one inbox, so it has an inference of its own. */
  @Test
  void streamIsNeitherSharedNorStored() {
    try (Rig rig = new Rig(ON)) {
      answer(rig, Request.of(1, "same").cached().streamed(), "streamed");
      answer(rig, Request.of(2, "same").cached().streamed(), "again");
      answer(rig, Request.of(3, "same").cached(), "own");
    }
  }

  @Test
  void modelsDoNotShareAnAnswer() {
    try (Rig rig = new Rig(ON)) {
      answer(rig, Request.of(1, "same").cached(), "one");
      answer(rig, Request.of(2, "same").ofModel("other").cached(), "another");
    }
  }

  /** Its vectors would be of another space. */
  @Test
  void answerOfAnotherRevision_thanThePoolHasNow_isNotServed() {
    try (Rig rig = new Rig(ON)) {
      answer(rig, Request.of(1, "same").cached(), "old");
      rig.catalog.pools.put(
          "embed",
          new CatalogSnapshot.Pool(
              1,
              Set.of(Requests.MODEL),
              Set.of(Requests.MODEL),
              Map.of(),
              Map.of(),
              Map.of(Requests.MODEL, "new"),
              CatalogSnapshot.Pool.UNKNOWN.offer(),
              Set.of()));
      answer(rig, Request.of(2, "same").cached(), "new");
    }
  }

  @Test
  void nothingIsStoredWhereTheCacheIsOff() {
    try (Rig rig = new Rig()) {
      answer(rig, Request.of(1, "same").cached(), "one");
      answer(rig, Request.of(2, "same").cached(), "two");
    }
  }

  @Test
  void largeAnswersAreNotStored() {
    try (Rig rig = new Rig(ON)) {
      answer(rig, Request.of(1, "same").cached(), "v".repeat(70_000));
      answer(rig, Request.of(2, "same").cached(), "again");
    }
  }

  @Test
  void oldestAnswersMakeRoom() {
    try (Rig rig = new Rig(Map.of("cache.enabled", "true", "cache.task-bytes", "1048576"))) {
      String large = "v".repeat(60_000);
      for (int i = 0; i < 30; i++) {
        answer(rig, Request.of(i, "text " + i).cached(), large);
        rig.pass(Duration.ofMillis(100));
      }
      rig.send(Request.of(100, "text 29").cached());
      assertThat(rig.replies()).extracting(Told::outcome).containsExactly(large);
      rig.send(Request.of(101, "text 0").cached());
      assertThat(rig.replies()).isEmpty();
      assertThat(rig.work()).hasSize(1);
    }
  }

  private static void answer(Rig rig, Request request, String answer) {
    rig.send(request);
    var work = rig.work();
    assertThat(work).hasSize(1);
    rig.report(request, work.getFirst(), Requests.answered(answer));
    assertThat(rig.replies()).extracting(Told::outcome).containsExactly(answer);
  }
}
