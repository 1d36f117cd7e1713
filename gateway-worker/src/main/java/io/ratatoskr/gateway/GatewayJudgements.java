package io.ratatoskr.gateway;

import io.ratatoskr.schemas.Capability;
import io.ratatoskr.schemas.Codec;
import io.ratatoskr.schemas.InferenceError;
import io.ratatoskr.schemas.Limits;
import io.ratatoskr.schemas.SchemaIds;
import io.ratatoskr.schemas.judge.Labelling;
import io.ratatoskr.schemas.judge.Premises;
import io.ratatoskr.schemas.wire.ClassifyReply;
import io.ratatoskr.schemas.wire.ClassifyRequest;
import io.ratatoskr.schemas.wire.NliReply;
import io.ratatoskr.schemas.wire.NliRequest;
import io.ratatoskr.worker.Outcome;
import io.ratatoskr.worker.Prepared;
import io.ratatoskr.worker.Work;

/** Reads requests for judgements, which a language model is asked for by a prompt. */
final class GatewayJudgements {
  private final Codec<NliRequest> pairs;
  private final Codec<NliReply> pairReplies;
  private final Codec<ClassifyRequest> labels;
  private final Codec<ClassifyReply> labelReplies;

  GatewayJudgements(SchemaIds ids) {
    this.pairs = Codec.of(NliRequest.class, ids);
    this.pairReplies = Codec.of(NliReply.class, ids);
    this.labels = Codec.of(ClassifyRequest.class, ids);
    this.labelReplies = Codec.of(ClassifyReply.class, ids);
  }

  Prepared<GatewayEngine.Asked> prepare(Work work) {
    PromptedItems items;
    int most;
    try {
      if (work.capability() == Capability.NLI) {
        Premises premises = Premises.of(pairs.decode(work.payload(), work.schema()));
        items = new PromptedPairs(premises.pairs(), pairReplies);
        most = Limits.recordItems(Capability.NLI);
      } else {
        Labelling labelling = Labelling.of(labels.decode(work.payload(), work.schema()));
        items = new PromptedLabels(labelling, labelReplies);
        most = Limits.labelledItems(labelling.labels().size());
      }
    } catch (IllegalArgumentException e) {
      return refused(String.valueOf(e.getMessage()));
    }
    if (items.size() < 1 || items.size() > most) {
      return refused("A request holds 1 to %d items, this one %d.".formatted(most, items.size()));
    }
    return new Prepared.Ready<>(
        new GatewayEngine.Asked.Judgements(
            work.model(), items, work.reason(), Trace.of(work.traceparent())),
        items.size());
  }

  private static Prepared<GatewayEngine.Asked> refused(String message) {
    return new Prepared.Settled<>(new Outcome.Rejected(InferenceError.invalidInput(message)));
  }
}
