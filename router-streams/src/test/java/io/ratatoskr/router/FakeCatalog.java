package io.ratatoskr.router;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** A catalog that a test fills. */
final class FakeCatalog implements Catalog {
  final Map<String, Pool> pools = new HashMap<>();
  final Set<String> gone = new HashSet<>();

  @Override
  public boolean isGone(String worker) {
    return gone.contains(worker);
  }

  @Override
  public Pool pool(String name) {
    return pools.getOrDefault(name, Pool.UNKNOWN);
  }
}
