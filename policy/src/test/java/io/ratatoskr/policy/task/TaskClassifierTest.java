package io.ratatoskr.policy.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TaskClassifierTest {
  private final TaskClassifier classifier = new TaskClassifier(TaskClasses.standard());

  /** A classifier by these phrases alone. */
  private static TaskClassifier knowing(Map<TaskClass, List<String>> keywords) {
    Map<TaskClass, TaskRule> rules = new EnumMap<>(TaskClass.class);
    TaskClasses.standard()
        .byClass()
        .forEach((one, rule) ->
            rules.put(
                one,
                new TaskRule(
                    one,
                    rule.timeout(),
                    rule.firstToken(),
                    keywords.getOrDefault(one, List.of()),
                    List.of())));
    return new TaskClassifier(new TaskClasses(rules));
  }

  @Test
  void nothingToGoByIsGeneralWithoutConfidence() {
    assertThat(classifier.classify(""))
        .isEqualTo(
            new Classification(TaskClass.GENERAL, 0, "nothing speaks for a class", Map.of()));
  }

  @Test
  void oneKeywordIsEnoughOneHintIsNot() {
    Classification poem = classifier.classify("My poem");
    Classification story = classifier.classify("My story");

    assertThat(poem.taskClass()).isEqualTo(TaskClass.CREATIVE);
    assertThat(poem.reason()).isEqualTo("\"poem\"");
    assertThat(story.taskClass()).isEqualTo(TaskClass.GENERAL);
    assertThat(story.confidence()).isBetween(0.2, 0.49);
    assertThat(story.reason()).isEqualTo("too little for creative: \"story\"");
    assertThat(story.scores()).containsOnlyKeys(TaskClass.CREATIVE);
  }

  @Test
  void aHintThatBeginsThePromptIsNotEnoughEither() {
    assertThat(classifier.classify("Solve this for me").taskClass()).isEqualTo(TaskClass.GENERAL);
  }

  @Test
  void aWordCountsOnceHoweverOftenItStands() {
    assertThat(classifier.classify("a poem, a poem, a poem").confidence())
        .isEqualTo(classifier.classify("a poem").confidence());
  }

  @Test
  void theLongestOfPhrasesThatOverlapCounts() {
    TaskClassifier own =
        knowing(
            Map.of(
                TaskClass.CREATIVE, List.of("story"),
                TaskClass.GENERAL, List.of("story of")));

    assertThat(own.classify("the story of the wheel").scores()).containsOnlyKeys(TaskClass.GENERAL);
    assertThat(own.classify("the wheel's story").scores()).containsOnlyKeys(TaskClass.CREATIVE);
  }

  @Test
  void aTieGoesToTheClassThatIsNamedFirst() {
    TaskClassifier own =
        knowing(
            Map.of(
                TaskClass.CREATIVE, List.of("alpha", "beta"),
                TaskClass.CODE_GENERATION, List.of("gamma", "delta")));

    Classification found = own.classify("so alpha gamma beta delta");

    assertThat(found.scores())
        .containsEntry(TaskClass.CREATIVE, 2.0)
        .containsEntry(TaskClass.CODE_GENERATION, 2.0);
    assertThat(found.taskClass()).isEqualTo(TaskClass.CODE_GENERATION);
    assertThat(found.reason())
        .isEqualTo("\"gamma\", \"delta\"; against it, for creative: \"alpha\", \"beta\"");
  }

  @Test
  void aPhraseOfTwoClassesSpeaksForBoth() {
    TaskClassifier own =
        knowing(
            Map.of(TaskClass.CREATIVE, List.of("alpha"), TaskClass.EMBEDDING, List.of("alpha")));

    assertThat(own.classify("an alpha").scores())
        .containsOnlyKeys(TaskClass.CREATIVE, TaskClass.EMBEDDING);
  }

  @Test
  void everyClassStandsInTheOrderOfTies() {
    assertThat(TaskClassifier.TIES).containsExactlyInAnyOrder(TaskClass.values());
  }

  @Test
  void toolsOnOfferAreAHint() {
    assertThat(classifier.classify("Is the shop open today?", true).scores())
        .hasEntrySatisfying(TaskClass.TOOL_USE, score -> assertThat(score).isEqualTo(0.75));
    assertThat(classifier.classify("Good evening", true).taskClass())
        .isEqualTo(TaskClass.QUICK_RESPONSE);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "WRITE A POEM | creative",
        "write a poème | creative",
        "Écris un poe\u0300me | creative", // composed before it is compared
        "solve for x: IRRATIONAL | mathematical",
        "x² + y² = 25 ∫ | mathematical",
        "a C++ and C# question | code-generation",
        "step-by-step | deep-thinking",
        "write poems_of_mine | general", // one word
        "the poems' rhymes | creative",
        "antipoem | general",
      })
  void wordsAreComparedWholeAndFolded(String prompt, String expected) {
    assertThat(classifier.classify(prompt).taskClass().className()).isEqualTo(expected);
  }

  @Test
  void theCountryOfTheProcessMakesNoDifference() {
    Locale before = Locale.getDefault();
    try {
      Locale.setDefault(Locale.forLanguageTag("tr"));

      assertThat(classifier.classify("WRITE A LIMERICK IN ITALICS").reason())
          .isEqualTo("\"limerick\"");
      assertThat(TaskClass.QUICK_RESPONSE.className()).isEqualTo("quick-response");
    } finally {
      Locale.setDefault(before);
    }
  }

  @Test
  void ofAHugePromptBeginningAndEndAreLookedAt() {
    String filler = "lorem ipsum ".repeat(500_000);

    assertThat(classifier.classify("Write a poem. " + filler).taskClass())
        .isEqualTo(TaskClass.CREATIVE);
    assertThat(classifier.classify(filler + " Write a poem.").taskClass())
        .isEqualTo(TaskClass.CREATIVE);
    assertThat(classifier.classify(filler + " Write a poem. " + filler).taskClass())
        .isEqualTo(TaskClass.GENERAL);
  }

  @Test
  void aCutGoesThroughNoCharacter() {
    String pairs = "\uD83D\uDC4D".repeat(TaskClassifier.MOST_LOOKED_AT);

    assertThat(classifier.classify("a" + pairs).reason()).doesNotContain("\uFFFD");
    assertThat(classifier.classify(pairs).taskClass()).isEqualTo(TaskClass.GENERAL);
  }

  @Property(tries = 300)
  void whateverIsAskedHasAClassAndAConfidence(@ForAll String prompt, @ForAll boolean tools) {
    Classification found = classifier.classify(prompt, tools);

    assertThat(found.confidence()).isBetween(0.0, 1.0);
    assertThat(found.reason()).isNotBlank();
    assertThat(found.confidence() >= 0.5 || found.taskClass() == TaskClass.GENERAL).isTrue();
    assertThat(classifier.classify(prompt, tools)).isEqualTo(found);
  }
}
