package io.ratatoskr.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
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

  private static Envelope envelope(String tenant, CacheMode cache) {
    return new Envelope(
        ID,
        new Inbox(0, "abc"),
        Duration.ofSeconds(1),
        tenant,
        DataPolicy.LOCAL_ONLY,
        cache,
        null,
        null);
  }

  private static Fingerprint of(Capability capability, Lane lane, String tenant, CacheMode cache) {
    return Fingerprint.of(capability, Domain.DEFAULT, lane, envelope(tenant, cache), VALUE);
  }

  /** The vectors were computed apart, with Python's hashlib. */
  @Test
  void of_cacheable_isTheHashOfItsContent() {
    assertThat(of(Capability.EMBED, Lane.INTERACTIVE, "", CacheMode.ON))
        .hasToString("fa9ee62be199446308c49db9fe268eedaae81df15422358e43ad9765c4c7f313");
  }

  @Test
  void of_notCacheable_isTheHashOfItsId() {
    String expected = "a8dc1f5e89bb44879310564baa4f02a7c25027794f99d9dc9e1f217e108d729d";

    assertThat(of(Capability.EMBED, Lane.INTERACTIVE, "t", CacheMode.OFF)).hasToString(expected);
    assertThat(of(Capability.EMBED, Lane.BULK, "t", CacheMode.ON)).hasToString(expected);
    assertThat(of(Capability.CHAT, Lane.INTERACTIVE, "t", CacheMode.ON)).hasToString(expected);
  }

  @Test
  void ofContent_everyFieldCounts_andNoneRunsIntoTheNext() {
    Domain ab = new Domain("ab");
    Domain a = new Domain("a");
    Set<Fingerprint> all = new HashSet<>();
    all.add(Fingerprint.ofContent(Capability.EMBED, ab, "c", DataPolicy.LOCAL_ONLY, VALUE));
    all.add(Fingerprint.ofContent(Capability.EMBED, a, "bc", DataPolicy.LOCAL_ONLY, VALUE));
    all.add(Fingerprint.ofContent(Capability.NLI, a, "bc", DataPolicy.LOCAL_ONLY, VALUE));
    all.add(Fingerprint.ofContent(Capability.EMBED, a, "bc", DataPolicy.PREFER_LOCAL, VALUE));
    all.add(
        Fingerprint.ofContent(Capability.EMBED, a, "bc", DataPolicy.LOCAL_ONLY, new byte[] {0}));
    all.add(Fingerprint.ofRequest(ab, "c", ID));
    all.add(Fingerprint.ofRequest(a, "bc", ID));

    assertThat(all).hasSize(7);
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
