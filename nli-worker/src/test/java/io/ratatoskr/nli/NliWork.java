package io.ratatoskr.nli;

import io.ratatoskr.schemas.Capability;
import io.ratatoskr.schemas.Codec;
import io.ratatoskr.schemas.PairTruncation;
import io.ratatoskr.schemas.SchemaIds;
import io.ratatoskr.schemas.wire.Item;
import io.ratatoskr.schemas.wire.NliPair;
import io.ratatoskr.schemas.wire.NliRequest;
import io.ratatoskr.schemas.wire.Text;
import io.ratatoskr.worker.Engine;
import io.ratatoskr.worker.TestWork;
import java.util.Collections;

/**
 * Pairs to be judged by the model that comes with the program, so many in a request that a few
 * hundred requests keep a worker busy while another is killed; the name is the hypothesis.
 */
public final class NliWork implements TestWork {
  private static final String MODEL = "nli-minilm-l6";
  private static final String PREMISE =
      "The service restarted after the operator applied a change.";
  private static final int PAIRS = 4;

  private final Codec<NliRequest> requests = Codec.of(NliRequest.class, SchemaIds.derived());

  @Override
  public Capability capability() {
    return Capability.NLI;
  }

  @Override
  public String model() {
    return MODEL;
  }

  @Override
  public byte[] request(String name) {
    return requests.encode(
        new NliRequest(
            PairTruncation.ERROR,
            new Item(new Text(PREMISE)),
            null,
            Collections.nCopies(PAIRS, new NliPair(null, new Item(new Text(name))))));
  }

  @Override
  public Engine<?> load() {
    return NliEngine.start(NliConfig.of(MODEL), SchemaIds.derived());
  }
}
