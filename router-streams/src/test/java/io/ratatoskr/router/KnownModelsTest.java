package io.ratatoskr.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratatoskr.router.Rig.Told;
import io.ratatoskr.schemas.Capability;
import io.ratatoskr.schemas.Limits;
import io.ratatoskr.schemas.wire.ClassifyRequest;
import io.ratatoskr.schemas.wire.EmbedRequest;
import io.ratatoskr.schemas.wire.InputType;
import io.ratatoskr.schemas.wire.Item;
import io.ratatoskr.schemas.wire.NliPair;
import io.ratatoskr.schemas.wire.NliRequest;
import io.ratatoskr.schemas.wire.PairTruncation;
import io.ratatoskr.schemas.wire.StanceItem;
import io.ratatoskr.schemas.wire.StanceRequest;
import io.ratatoskr.schemas.wire.Text;
import io.ratatoskr.schemas.wire.TokenizeRequest;
import io.ratatoskr.schemas.wire.Truncation;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What becomes at once of requests that no worker could answer, whatever they ask for. */
class KnownModelsTest {
  private static final Item ITEM = new Item(new Text("text"));

  private static void send(Rig rig, Capability capability, String model) {
    send(rig, capability, model, 1, 2);
  }

  private static void send(Rig rig, Capability capability, String model, int items, int labels) {
    List<Item> texts = Collections.nCopies(items, ITEM);
    switch (capability) {
      case EMBED ->
          rig.send(
              capability,
              EmbedRequest.class,
              new EmbedRequest(model, InputType.DOCUMENT, Truncation.ERROR, texts));
      case NLI ->
          rig.send(
              capability,
              NliRequest.class,
              new NliRequest(
                  model,
                  PairTruncation.ERROR,
                  ITEM,
                  null,
                  Collections.nCopies(items, new NliPair(null, ITEM))));
      case CLASSIFY ->
          rig.send(
              capability,
              ClassifyRequest.class,
              new ClassifyRequest(
                  model,
                  PairTruncation.ERROR,
                  IntStream.range(0, labels).mapToObj(i -> "label " + i).toList(),
                  "Of {}.",
                  false,
                  texts));
      case STANCE ->
          rig.send(
              capability,
              StanceRequest.class,
              new StanceRequest(
                  model,
                  PairTruncation.ERROR,
                  Collections.nCopies(items, new StanceItem(ITEM, "target"))));
      case TOKENIZE ->
          rig.send(capability, TokenizeRequest.class, new TokenizeRequest(model, false, texts));
      case CHAT, GENERATE -> throw new IllegalArgumentException("not read by the router yet");
    }
  }

  private static void assertRefused(Rig rig, String code, String words) {
    List<Told> replies = rig.replies();
    assertThat(replies).extracting(Told::outcome).containsExactly(code);
    assertThat(replies.getFirst().error().getMessage()).contains(words);
    assertThat(rig.work()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(names = {"EMBED", "NLI", "CLASSIFY", "STANCE"})
  void unknownModel_isRefusedNamingThoseThereAre(Capability capability) {
    try (Rig rig = new Rig()) {
      rig.catalog.pools.put(
          capability.pool(), new Catalog.Pool(1, Set.of("b", "a"), Set.of("a"), Map.of()));

      send(rig, capability, "c");

      assertRefused(rig, "ModelNotFound", "no worker knows 'c'; there are a, b");
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"EMBED", "NLI", "CLASSIFY", "STANCE"})
  void modelThatNoWorkerCanUse_isRefusedSayingWhy(Capability capability) {
    try (Rig rig = new Rig()) {
      rig.catalog.pools.put(
          capability.pool(),
          new Catalog.Pool(2, Set.of("b", "a"), Set.of("a"), Map.of("b", "no tokenizer.json")));

      send(rig, capability, "b");

      assertRefused(rig, "ModelNotAvailable", "no worker can use 'b': no tokenizer.json");
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"EMBED", "NLI", "CLASSIFY", "STANCE", "TOKENIZE"})
  void modelThatIsLoading_orPoolThatIsAway_isWaitedFor(Capability capability) {
    try (Rig rig = new Rig()) {
      send(rig, capability, "a");
      rig.catalog.pools.put(
          capability.pool(), new Catalog.Pool(1, Set.of("b"), Set.of(), Map.of()));
      send(rig, capability, "b");

      assertThat(rig.work()).hasSize(2);
      assertThat(rig.replies()).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(names = "TOKENIZE")
  void tokenizerOfAModelThatNobodyRuns_isTheWorkersToKnow(Capability capability) {
    try (Rig rig = new Rig()) {
      rig.catalog.pools.put(
          capability.pool(), new Catalog.Pool(1, Set.of("a"), Set.of("a"), Map.of()));

      send(rig, capability, "gpt-4o");

      assertThat(rig.work()).hasSize(1);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"EMBED", "NLI", "CLASSIFY", "STANCE", "TOKENIZE"})
  void requestOfNoItemsOrTooMany_isRefused(Capability capability) {
    try (Rig rig = new Rig()) {
      for (int items : new int[] {0, Limits.ITEMS + 1}) {
        send(rig, capability, "a", items, 1);

        List<Told> replies = rig.replies();
        assertThat(replies).extracting(Told::outcome).containsExactly("InvalidInput");
      }
      assertThat(rig.work()).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(names = "CLASSIFY")
  void labels_areBoundedAlsoTimesTexts(Capability capability) {
    try (Rig rig = new Rig()) {
      send(rig, capability, "a", 1, 0);
      assertRefused(rig, "InvalidInput", "1 to 1024 labels, this one 0");
      send(rig, capability, "a", 1, Limits.LABELS + 1);
      assertRefused(rig, "InvalidInput", "this one 1025");
      send(rig, capability, "a", 2, Limits.LABEL_PAIRS);
      assertRefused(rig, "InvalidInput", "send fewer texts in a record");

      send(rig, capability, "a", 1, Limits.LABELS);
      send(rig, capability, "a", 2, Limits.LABEL_PAIRS / 2);
      assertThat(rig.work()).hasSize(2);
    }
  }
}
