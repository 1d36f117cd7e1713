package io.ratatoskr.router;

import io.ratatoskr.catalog.CatalogSnapshot;
import io.ratatoskr.catalog.CatalogSnapshot.Model;
import io.ratatoskr.catalog.CatalogSnapshot.Pool;
import io.ratatoskr.catalog.CatalogSnapshot.Worker;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/** A catalog that a test fills; workers are alive unless they are gone. */
final class FakeCatalog implements Supplier<CatalogSnapshot> {
  private static final List<String> WORKERS = List.of("w1", "w2", "w3");

  final Map<String, Pool> pools = new HashMap<>();
  final Set<String> gone = new HashSet<>();

  /** The models that every worker says that it has. */
  final List<Model> models = new ArrayList<>();

  @Override
  public CatalogSnapshot get() {
    Map<String, Worker> workers = new HashMap<>();
    for (String id : WORKERS) {
      workers.put(
          id, new Worker(id, "embed", !gone.contains(id), Set.of(), Set.of(), models, 0, "test"));
    }
    return new CatalogSnapshot(workers, pools, !gone.isEmpty());
  }
}
