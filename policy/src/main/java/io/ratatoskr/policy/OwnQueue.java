package io.ratatoskr.policy;

import io.ratatoskr.policy.task.TaskClass;
import io.ratatoskr.schemas.WorkerPool;
import io.ratatoskr.settings.InvalidSettingException;
import java.util.Optional;
import java.util.Set;

/**
 * A work queue of its own for some of the work of some pools.
 *
 * @param name part of its topics' names, as a pool's
 * @param pools the pools that have it; at least one
 * @param tenants whose requests go there; empty for everybody's
 * @param classes the classes of tasks that go there; empty for all. Not both are empty
 * @param weight its share of a pool's work, where a pool's own queue has 1; 1 to 100
 */
public record OwnQueue(
    String name, Set<String> pools, Set<String> tenants, Set<TaskClass> classes, int weight) {

  public OwnQueue {
    OwnQueues.WEIGHT.check(weight);
    pools = Set.copyOf(pools);
    tenants = Set.copyOf(tenants);
    classes = Set.copyOf(classes);
    if (!WorkerPool.isName(name)) {
      throw new InvalidSettingException(
          OwnQueues.NAME.key(), "must be given: letters, digits, '_', '-', at most 64");
    }
    if (pools.isEmpty()) {
      throw new InvalidSettingException(
          OwnQueues.POOLS.key(), "must name the pools that have '" + name + "'");
    }
    if (tenants.isEmpty() && classes.isEmpty()) {
      throw new InvalidSettingException(
          OwnQueues.TENANTS.key(),
          "name tenants or task-classes: all else goes to the pool's own queue");
    }
  }

  /** Whether a request's work at that pool goes there. */
  boolean takes(String pool, String tenant, Optional<TaskClass> task) {
    return pools.contains(pool)
        && (tenants.isEmpty() || tenants.contains(tenant))
        && (classes.isEmpty() || task.filter(classes::contains).isPresent());
  }
}
