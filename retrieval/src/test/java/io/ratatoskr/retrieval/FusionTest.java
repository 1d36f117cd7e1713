package io.ratatoskr.retrieval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.ratatoskr.client.NliReply;
import io.ratatoskr.schemas.InferenceError;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class FusionTest {
  private static final RetrievalConfig CONFIG =
      RetrievalConfig.of("e", "n")
          .withTop(10, 10)
          .withPolicy(Policy.NOT_CONTRADICTED, 0.5)
          .withNliWeight(0.5);
  private static final List<Candidate> FOUR =
      List.of(near("a", 0.9), near("b", 0.8), near("c", 0.7), near("d", 0.6));

  private static Candidate near(String id, double cosine) {
    return new Candidate(id, "text of " + id, cosine);
  }

  private static Judgement judged(double entailment, double contradiction) {
    return new Judgement.Judged(
        entailment,
        OptionalDouble.of(1 - entailment - contradiction),
        contradiction,
        entailment > contradiction ? NliReply.Label.ENTAILMENT : NliReply.Label.CONTRADICTION,
        false);
  }

  private static Judgement unjudged() {
    return new Judgement.Unjudged(InferenceError.invalidInput("no"));
  }

  private static List<String> ids(List<Hit> hits) {
    return hits.stream().map(hit -> hit.candidate().id()).toList();
  }

  @Test
  void score_isTheConvexCombination_andRanksFollowIt() {
    List<Hit> hits =
        new Fusion(CONFIG.withNliWeight(0.25))
            .hits(FOUR, List.of(judged(0, 0), judged(1, 0), judged(0.5, 0.2), judged(0.9, 0.1)));

    assertThat(ids(hits)).containsExactly("b", "a", "d", "c");
    assertThat(hits.get(0).score()).isCloseTo(0.75 * 0.8 + 0.25 * 1, within(1e-12));
    assertThat(hits.get(1).score()).isCloseTo(0.75 * 0.9, within(1e-12));
    assertThat(hits).extracting(Hit::rank).containsExactly(1, 2, 3, 4);
  }

  @Test
  void whatContradicts_isDropped_fromTheThresholdOn() {
    List<Judgement> judgements =
        List.of(judged(0.3, 0.5), judged(0.3, 0.49), judged(0, 1), judged(0.9, 0.05));

    assertThat(ids(new Fusion(CONFIG).hits(FOUR, judgements))).containsExactly("d", "b");
    assertThat(
            ids(
                new Fusion(CONFIG.withPolicy(Policy.NOT_CONTRADICTED, 0.51))
                    .hits(FOUR, judgements)))
        .containsExactly("d", "a", "b");
  }

  @Test
  void everyCandidateStays_whereThePolicySaysSo() {
    List<Judgement> judgements = List.of(judged(0, 1), judged(0, 0.9), judged(1, 0), judged(0, 1));

    assertThat(ids(new Fusion(CONFIG.withPolicy(Policy.ALL, 0.5)).hits(FOUR, judgements)))
        .containsExactly("c", "a", "b", "d");
  }

  @Test
  void whereTheModelWasNotAsked_nearnessIsTheScore_underEveryPolicy() {
    List<Judgement> notAsked = java.util.Collections.nCopies(4, new Judgement.NotAsked());

    for (Policy policy : Policy.values()) {
      List<Hit> hits = new Fusion(CONFIG.withPolicy(policy, 0.5)).hits(FOUR, notAsked);
      assertThat(ids(hits)).containsExactly("a", "b", "c", "d");
      assertThat(hits).extracting(Hit::score).containsExactly(0.9, 0.8, 0.7, 0.6);
    }
  }

  @Test
  void whatDoesNotEntail_isDropped_belowTheThreshold() {
    Fusion fusion = new Fusion(CONFIG.withPolicy(Policy.ENTAILED, 0.5));

    assertThat(
            ids(
                fusion.hits(
                    FOUR, List.of(judged(0.49, 0), judged(0.5, 0.5), judged(0, 0), judged(1, 0)))))
        .containsExactly("d", "b");
    assertThat(fusion.hits(FOUR, List.of(judged(0, 0), judged(0, 1), judged(0, 0), judged(0, 0))))
        .isEmpty();
  }

  @Test
  void whatCouldNotBeJudged_standsLast_byNearness_withScoresBelowAllOthers() {
    for (double weight : new double[] {0, 0.5, 1}) {
      List<Hit> hits =
          new Fusion(CONFIG.withNliWeight(weight))
              .hits(
                  List.of(near("a", 1), near("b", -0.9), near("c", 0.9), near("d", 0.2)),
                  List.of(unjudged(), judged(0, 0.4), unjudged(), judged(0.1, 0.2)));

      assertThat(ids(hits)).containsExactly("d", "b", "a", "c");
      for (int i = 1; i < hits.size(); i++) {
        assertThat(hits.get(i).score()).isLessThan(hits.get(i - 1).score());
      }
    }
  }

  @Test
  void equalScores_areRankedByNearness_andThenInTheOrderOfTheSearch() {
    List<Hit> hits =
        new Fusion(CONFIG.withNliWeight(1))
            .hits(
                List.of(near("a", 0.5), near("b", 0.5), near("c", 0.7)),
                List.of(judged(0.2, 0), judged(0.2, 0), judged(0.2, 0)));

    assertThat(ids(hits)).containsExactly("c", "a", "b");
  }

  @Test
  void noMoreAreKept_thanAskedFor_andNoneOfNone() {
    List<Judgement> alike = List.of(judged(1, 0), judged(1, 0), judged(1, 0), judged(1, 0));

    assertThat(ids(new Fusion(CONFIG.withTop(10, 2)).hits(FOUR, alike))).containsExactly("a", "b");
    assertThat(new Fusion(CONFIG).hits(List.of(), List.of())).isEmpty();
  }
}
