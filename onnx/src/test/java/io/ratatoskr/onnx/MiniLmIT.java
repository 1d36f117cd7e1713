package io.ratatoskr.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratatoskr.schemas.InputType;
import io.ratatoskr.schemas.Lane;
import io.ratatoskr.schemas.Truncation;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The real model: vectors are the same alone and in any batch, and nothing is lost at 128. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MiniLmIT {
  private static final Logger log = LoggerFactory.getLogger(MiniLmIT.class);

  /** Shared by the test runs of this build, as the cache of an installation is. */
  private static final ModelCache CACHE = new ModelCache(Path.of("target", "models"));

  private static final List<String> WORDS =
      List.of(
          "the",
          "squirrel",
          "runs",
          "up",
          "and",
          "down",
          "an",
          "ash",
          "tree",
          "carrying",
          "words",
          "between",
          "eagle",
          "dragon",
          "who",
          "hate",
          "each",
          "other",
          "under",
          "winter",
          "stars");

  private Embedder fp32;
  private Embedder int8;

  @BeforeAll
  void load() {
    fp32 = Embedder.load(ModelFiles.builtIn("all-minilm-l6-v2", CACHE), InferenceConfig.defaults());
    int8 =
        Embedder.load(ModelFiles.builtIn("all-minilm-l6-v2-q", CACHE), InferenceConfig.defaults());
  }

  @AfterAll
  void close() {
    fp32.close();
    int8.close();
  }

  @Test
  void spec_ofBothForms_differsInItsSpaceOnly() {
    assertThat(fp32.spec())
        .returns("all-minilm-l6-v2", EmbeddingSpec::id)
        .returns(Pooling.of(Pooling.Mode.MEAN), EmbeddingSpec::pooling)
        .returns(true, EmbeddingSpec::normalise)
        .returns(384, EmbeddingSpec::dimensions)
        .returns(256, EmbeddingSpec::maxTokens);
    assertThat(fp32.spec().spaceId()).hasSize(16).isNotEqualTo(int8.spec().spaceId());
  }

  @Test
  void fp32_inAnyBatch_givesTheVectorOfTheTextAlone() {
    assertThat(worstCosineToAlone(fp32)).isGreaterThanOrEqualTo(0.9999);
  }

  @Test
  void int8_inAnyBatch_staysNearTheVectorOfTheTextAlone() {
    double worst = worstCosineToAlone(int8);
    log.info("int8: worst cosine of a text in a batch to the same text alone: {}", worst);
    assertThat(worst).isGreaterThanOrEqualTo(0.97);
  }

  private static double worstCosineToAlone(Embedder embedder) {
    List<String> texts = texts();
    List<float[]> together = vectors(embedder, texts);
    double worst = 1;
    for (int i = 0; i < texts.size(); i++) {
      float[] alone = vectors(embedder, List.of(texts.get(i))).getFirst();
      worst = Math.min(worst, cosine(alone, together.get(i)));
    }
    return worst;
  }

  @Test
  void embed_200Tokens_doesNotStopAt128() {
    String beginning = words(126, 3);
    List<ItemResult> results =
        run(
            fp32,
            List.of(beginning + " " + words(72, 4), beginning + " " + words(72, 5)),
            Truncation.ERROR);
    assertThat(results)
        .allSatisfy(result ->
            assertThat(result)
                .isInstanceOfSatisfying(
                    ItemResult.Inferred.class,
                    embedded -> {
                      assertThat(embedded.tokens()).isEqualTo(200);
                      assertThat(embedded.usedTokens()).isEqualTo(200);
                    }));
    // Equal up to the 128th token: only what follows can make them differ.
    assertThat(cosine(vector(results.get(0)), vector(results.get(1)))).isLessThan(0.9999);
  }

  @Test
  void embed_257Tokens_obeysTheTruncation() {
    String long257 = words(255, 6);
    assertThat(run(fp32, List.of(long257), Truncation.ERROR))
        .containsExactly(new ItemResult.TooLong(256, 257));
    assertThat(run(fp32, List.of(long257), Truncation.TRUNCATE).getFirst())
        .isInstanceOfSatisfying(
            ItemResult.Inferred.class,
            embedded -> {
              assertThat(embedded.truncated()).isTrue();
              assertThat(embedded.usedTokens()).isEqualTo(256);
            });
    assertThat(run(fp32, List.of(long257), Truncation.CHUNK_MEAN).getFirst())
        .isInstanceOfSatisfying(
            ItemResult.Inferred.class,
            embedded -> {
              assertThat(embedded.truncated()).isFalse();
              assertThat(embedded.usedTokens()).isEqualTo(259);
              assertThat(length(embedded.output())).isCloseTo(1, within());
            });
  }

  @Test
  void embed_unicode_givesUnitVectors() {
    List<String> texts =
        List.of(
            "吉祥物是一只松鼠",
            "松鼠がとねりこの木を走る",
            "🐿️🌳 👩‍👩‍👧‍👦",
            "naïve café",
            "ᚱᛅᛏᛅᛏᚬᛋᚴᚱ",
            "high \uD83D",
            "low \uDC3F",
            "null \0 byte");
    assertThat(run(fp32, texts, Truncation.ERROR))
        .allSatisfy(result -> assertThat(length(vector(result))).isCloseTo(1, within()));
  }

  @Test
  void embed_similarTexts_areNearerThanOthers() {
    List<float[]> vectors =
        vectors(
            fp32,
            List.of(
                "A cat sits on the mat.",
                "A kitten is sitting on a rug.",
                "Interest rates rose again."));
    assertThat(cosine(vectors.get(0), vectors.get(1)))
        .isGreaterThan(0.5)
        .isGreaterThan(cosine(vectors.get(0), vectors.get(2)) + 0.3);
  }

  private static org.assertj.core.data.Offset<Double> within() {
    return org.assertj.core.data.Offset.offset(1e-5);
  }

  private static List<String> texts() {
    List<String> texts = new ArrayList<>();
    Random random = new Random(7);
    for (int i = 0; i < 60; i++) {
      texts.add(words(1 + random.nextInt(i % 10 == 0 ? 250 : 40), i));
    }
    return texts;
  }

  /** One token each, so n words are n + 2 tokens. */
  private static String words(int count, long seed) {
    Random random = new Random(seed);
    List<String> words = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      words.add(WORDS.get(random.nextInt(WORDS.size())));
    }
    return String.join(" ", words);
  }

  private static List<ItemResult> run(Embedder embedder, List<String> texts, Truncation how) {
    return embedder
        .submit(embedder.prepare(texts, InputType.DOCUMENT, how), Lane.INTERACTIVE)
        .join();
  }

  private static List<float[]> vectors(Embedder embedder, List<String> texts) {
    return run(embedder, texts, Truncation.ERROR).stream().map(MiniLmIT::vector).toList();
  }

  private static float[] vector(ItemResult result) {
    assertThat(result).isInstanceOf(ItemResult.Inferred.class);
    return ((ItemResult.Inferred) result).output();
  }

  private static double length(float[] vector) {
    return Math.sqrt(dot(vector, vector));
  }

  private static double cosine(float[] a, float[] b) {
    return dot(a, b) / (length(a) * length(b));
  }

  private static double dot(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (double) a[i] * b[i];
    }
    return sum;
  }
}
