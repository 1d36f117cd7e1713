package io.ratatoskr.router;

import io.ratatoskr.schemas.Lane;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A directory of topics that a test fills. */
final class FakeDirectory implements TopicDirectory {
  final Map<String, Integer> partitions = new HashMap<>();
  @Nullable Progress progress = new Progress(0, 0);

  @Override
  public int partitions(String topic) {
    return partitions.getOrDefault(topic, 0);
  }

  @Override
  public Set<String> topics() {
    return Set.copyOf(partitions.keySet());
  }

  @Override
  public @Nullable Progress progress(Lane lane, int partition, long sinceMs) {
    return progress;
  }
}
