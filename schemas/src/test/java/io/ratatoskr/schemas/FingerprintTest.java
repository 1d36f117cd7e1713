package io.ratatoskr.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.HashSet;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.junit.jupiter.api.Test;

class FingerprintTest {
  private static final byte[] VALUE = {0, 1, 2, 3, 4, 5};
  private static final RequestId ID = RequestId.parse("01890a5d-ac96-774b-bcce-b302099a8057");

  private static RequestHead head(String tenant, CacheMode cache, boolean stream) {
    return new RequestHead(ID, "m", "", stream, tenant, DataPolicy.LOCAL_ONLY, cache);
  }

  private static Fingerprint of(Lane lane, RequestHead head) {
    return Fingerprint.of(Capability.EMBED, Domain.DEFAULT, lane, head, VALUE);
  }

  /** The vectors were computed apart, with Python's hashlib. */
  @Test
  void of_shared_isTheHashOfItsContent() {
    assertThat(of(Lane.INTERACTIVE, head("", CacheMode.ON, false)))
        .hasToString("cd9a601d6f0e76add1a1e3e03cc077c6ac0c0898355454eee8f2cddf74730afc");
  }

  @Test
  void of_notShared_isTheHashOfItsId() {
    String expected = "a8dc1f5e89bb44879310564baa4f02a7c25027794f99d9dc9e1f217e108d729d";

    assertThat(of(Lane.INTERACTIVE, head("t", CacheMode.OFF, false))).hasToString(expected);
    assertThat(of(Lane.BULK, head("t", CacheMode.ON, false))).hasToString(expected);
    assertThat(of(Lane.INTERACTIVE, head("t", CacheMode.ON, true))).hasToString(expected);
  }

  @Test
  void ofContent_everyFieldCounts_andNoneRunsIntoTheNext() {
    Domain ab = new Domain("ab");
    Domain a = new Domain("a");
    Capability embed = Capability.EMBED;
    DataPolicy local = DataPolicy.LOCAL_ONLY;
    Set<Fingerprint> all = new HashSet<>();
    all.add(content(embed, ab, "c", local, "m", "", false, VALUE));
    all.add(content(embed, a, "bc", local, "m", "", false, VALUE));
    all.add(content(Capability.NLI, a, "bc", local, "m", "", false, VALUE));
    all.add(content(embed, a, "bc", DataPolicy.PREFER_LOCAL, "m", "", false, VALUE));
    all.add(content(embed, a, "bc", local, "n", "", false, VALUE));
    all.add(content(embed, a, "bc", local, "", "m", false, VALUE));
    all.add(content(embed, a, "bc", local, "m", "", true, VALUE));
    all.add(content(embed, a, "bc", local, "m", "", false, new byte[] {0}));
    all.add(hinted(RoutingHints.NONE.withProvider("p")));
    all.add(hinted(RoutingHints.NONE.withTaskClass("p")));
    all.add(Fingerprint.ofRequest(ab, "c", ID));
    all.add(Fingerprint.ofRequest(a, "bc", ID));

    assertThat(all).hasSize(12);
  }

  private static Fingerprint hinted(RoutingHints hints) {
    return Fingerprint.ofContent(
        Capability.EMBED,
        new Domain("a"),
        new RequestHead(ID, "m", "", false, "bc", DataPolicy.LOCAL_ONLY, CacheMode.ON, hints),
        VALUE);
  }

  private static Fingerprint content(
      Capability capability,
      Domain domain,
      String tenant,
      DataPolicy policy,
      String model,
      String preset,
      boolean stream,
      byte[] value) {
    RequestHead head = new RequestHead(ID, model, preset, stream, tenant, policy, CacheMode.ON);
    return Fingerprint.ofContent(capability, domain, head, value);
  }

  @Property
  void partition_isThatOfKafkasDefaultPartitioner(
      @ForAll @Size(32) byte[] key, @ForAll @IntRange(min = 1, max = 500) int partitions) {
    assertThat(Fingerprint.ofKey(key).partition(partitions))
        .isEqualTo(BuiltInPartitioner.partitionForKey(key, partitions));
  }

  @Property
  void ofKey_toKey_roundTrip(@ForAll @Size(32) byte[] key) {
    Fingerprint fingerprint = Fingerprint.ofKey(key);

    assertThat(fingerprint.toKey()).isEqualTo(key);
    assertThat(Fingerprint.ofKey(fingerprint.toKey()))
        .isEqualTo(fingerprint)
        .hasSameHashCodeAs(fingerprint);
  }

  @Test
  void ofKey_anotherLength_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Fingerprint.ofKey(new byte[31]))
        .withMessageContaining("31");
  }
}
