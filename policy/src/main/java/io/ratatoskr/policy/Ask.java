package io.ratatoskr.policy;

import io.ratatoskr.schemas.Capability;
import io.ratatoskr.schemas.Lane;
import io.ratatoskr.schemas.RequestHead;
import java.util.function.Supplier;

/**
 * A request, as far as it matters for who may answer it.
 *
 * @param capability what is asked for
 * @param lane the lane that it came on
 * @param head its headers
 * @param bytes length of its payload, which bounds its tokens from above
 * @param traits what only its payload says; read where a candidate's limits make it matter
 */
public record Ask(
    Capability capability, Lane lane, RequestHead head, int bytes, Supplier<Traits> traits) {

  /** A request whose payload says nothing that matters. */
  public Ask(Capability capability, Lane lane, RequestHead head) {
    this(capability, lane, head, 0, () -> Traits.NONE);
  }
}
