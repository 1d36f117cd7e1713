package io.ratatoskr.client;

import io.ratatoskr.client.ClassifyReply.Failed;
import io.ratatoskr.client.ClassifyReply.ItemOutcome;
import io.ratatoskr.client.ClassifyReply.LabelScore;
import io.ratatoskr.client.ClassifyReply.Scored;
import io.ratatoskr.schemas.Codec;
import io.ratatoskr.schemas.InferenceError;
import io.ratatoskr.schemas.Limits;
import io.ratatoskr.schemas.SchemaIds;
import io.ratatoskr.schemas.wire.LabelScores;
import java.util.ArrayList;
import java.util.List;

/** Zero-shot classification: the more labels, the fewer texts a record. */
final class ClassifyExchange
    implements Exchange<ClassifyRequest, String, ItemOutcome, ClassifyReply> {
  private final Codec<io.ratatoskr.schemas.wire.ClassifyRequest> written;
  private final Codec<io.ratatoskr.schemas.wire.ClassifyReply> replies;

  ClassifyExchange(SchemaIds ids) {
    written = Codec.of(io.ratatoskr.schemas.wire.ClassifyRequest.class, ids);
    replies = Codec.of(io.ratatoskr.schemas.wire.ClassifyReply.class, ids);
  }

  @Override
  public Class<ClassifyRequest> requests() {
    return ClassifyRequest.class;
  }

  @Override
  public Codec<?> codec() {
    return written;
  }

  @Override
  public List<String> items(ClassifyRequest request) {
    return request.texts();
  }

  @Override
  public int recordItems(ClassifyRequest request) {
    return Limits.labelledItems(request.labels().size());
  }

  @Override
  public long characters(String text) {
    return text.length();
  }

  @Override
  public byte[] encode(ClassifyRequest request, List<String> texts) {
    return written.encode(
        new io.ratatoskr.schemas.wire.ClassifyRequest(
            request.truncation(),
            request.labels(),
            request.template(),
            request.multiLabel(),
            texts.stream().map(Exchange::item).toList()));
  }

  @Override
  public ClassifyReply decode(byte[] payload, Provenance provenance) {
    io.ratatoskr.schemas.wire.ClassifyReply wire = replies.decode(payload);
    List<ItemOutcome> items = outcomes(wire.getItems(), item -> outcome(item, wire.getLabels()));
    return new ClassifyReply(wire.getModel(), wire.getLabels(), items, provenance);
  }

  @Override
  public void check(ClassifyRequest request, ClassifyReply reply) {
    if (!reply.labels().equals(request.labels())) {
      throw new IllegalArgumentException("its labels are not those of the request");
    }
  }

  private static ItemOutcome outcome(Object item, List<String> labels) {
    LabelScores wire = (LabelScores) item;
    List<Float> scores = wire.getScores();
    if (scores.size() != labels.size()) {
      throw new IllegalArgumentException(
          "a text has " + scores.size() + " scores for " + labels.size() + " labels");
    }
    List<LabelScore> named = new ArrayList<>(labels.size());
    for (int i = 0; i < labels.size(); i++) {
      named.add(new LabelScore(labels.get(i), scores.get(i)));
    }
    return new Scored(named, wire.getTokens(), wire.getUsedTokens(), wire.getTruncated());
  }

  @Override
  public ItemOutcome failed(InferenceError error) {
    return new Failed(error);
  }

  @Override
  public ClassifyReply join(
      List<ClassifyReply> answers, List<ItemOutcome> items, Provenance provenance) {
    ClassifyReply first = answers.get(0);
    return new ClassifyReply(first.model(), first.labels(), items, provenance);
  }
}
