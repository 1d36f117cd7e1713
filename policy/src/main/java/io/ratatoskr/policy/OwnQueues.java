package io.ratatoskr.policy;

import io.ratatoskr.policy.task.TaskClass;
import io.ratatoskr.schemas.WorkerPool;
import io.ratatoskr.settings.InvalidSettingException;
import io.ratatoskr.settings.RawValue;
import io.ratatoskr.settings.Section;
import io.ratatoskr.settings.Setting;
import io.ratatoskr.settings.Values;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The work queues that tenants and classes of tasks have of their own. A worker takes from all
 * queues of its pool by their weights, so that a backlog in one delays no other.
 *
 * @param all each name once, at most {@value #MOST_OF_POOL} of one pool; of those that take a
 *     request the first counts
 */
public record OwnQueues(List<OwnQueue> all) {
  /** Most queues of one pool, its own not counted: a worker has consumers of each. */
  public static final int MOST_OF_POOL = 8;

  /** Nobody has one. */
  public static final OwnQueues NONE = new OwnQueues(List.of());

  static final Setting<String> NAME =
      Setting.text(
          "queues.name",
          "",
          "letters, digits, '_', '-', at most 64",
          WorkerPool::isName,
          "Names the queue, and ends the names of its topics; must be given.");
  static final Setting<List<String>> POOLS =
      Setting.list(
          "queues.pools",
          List.of(),
          "names of pools",
          WorkerPool::isName,
          "The pools that have it; must be given. A pool has at most "
              + MOST_OF_POOL
              + " beside its own.");
  static final Setting<List<String>> TENANTS =
      Setting.list(
          "queues.tenants",
          List.of(),
          "1 to 100 characters each",
          name -> !name.isBlank() && name.length() <= 100,
          "Whose requests go there, as the header `tenant` names them; empty for everybody's. This"
              + " or `task-classes` must be given.");
  static final Setting<List<String>> CLASSES =
      Setting.list(
          "queues.task-classes",
          List.of(),
          TaskClass.classNames(),
          name -> TaskClass.ofClassName(name).isPresent(),
          "Which classes of tasks go there, where the header `task-class` gives one or `auto` finds"
              + " it; empty for all.");
  static final Setting<Integer> WEIGHT =
      Setting.integer(
          "queues.weight",
          1,
          1,
          100,
          "Its share: while several queues of a pool have work, items are taken from them in the"
              + " proportion of their weights. The pool's own queue has 1.");

  /** The section of a configuration file: an entry for each queue. */
  public static final Section SECTION =
      new Section(
          "queues",
          "Work queues for tenants or classes of tasks of their own, so that a backlog of others"
              + " does not stand before them: see [limits](limits.md#queues-of-their-own). Of"
              + " several that fit a request the first counts. For `serve`, `up` and `topics`;"
              + " `policy apply` and `topics create` make their topics.",
          List.of(NAME, POOLS, TENANTS, CLASSES, WEIGHT),
          new Section.Repetition(
              List.of(),
              Map.of(
                  NAME.key(), new RawValue.Text("acme"),
                  POOLS.key(), new RawValue.Many(List.of("embed")),
                  TENANTS.key(), new RawValue.Many(List.of("acme")))));

  public OwnQueues {
    all = List.copyOf(all);
  }

  /**
   * The queues of a file.
   *
   * @throws InvalidSettingException naming the key, its place and what is wrong
   */
  static OwnQueues of(Values values) {
    List<OwnQueue> queues = new ArrayList<>();
    for (Values entry : values.entries(SECTION)) {
      queues.add(entry.locate(() -> one(entry, queues)));
    }
    return new OwnQueues(queues);
  }

  private static OwnQueue one(Values entry, List<OwnQueue> before) {
    OwnQueue queue =
        new OwnQueue(
            NAME.of(entry),
            Set.copyOf(POOLS.of(entry)),
            Set.copyOf(TENANTS.of(entry)),
            CLASSES.of(entry).stream()
                .flatMap(name -> TaskClass.ofClassName(name).stream())
                .collect(Collectors.toSet()),
            WEIGHT.of(entry));
    if (before.stream().anyMatch(other -> other.name().equals(queue.name()))) {
      throw new InvalidSettingException(NAME.key(), "'" + queue.name() + "' is named twice");
    }
    for (String pool : new TreeSet<>(queue.pools())) {
      if (before.stream().filter(other -> other.pools().contains(pool)).count() == MOST_OF_POOL) {
        throw new InvalidSettingException(
            POOLS.key(),
            "pool '%s' has %d queues already, and may have no more; have several tenants share one"
                .formatted(pool, MOST_OF_POOL));
      }
    }
    return queue;
  }

  /**
   * Refuses pools that there are not, each where its entry stands.
   *
   * @throws InvalidSettingException naming the key, its place and what is wrong
   */
  public static void check(Values values, Set<String> pools) {
    for (Values entry : values.entries(SECTION)) {
      for (String pool : POOLS.of(entry)) {
        if (!pools.contains(pool)) {
          var _ =
              entry.locate(() -> {
                throw new InvalidSettingException(
                    POOLS.key(),
                    "there is no pool '%s'; there are %s"
                        .formatted(pool, String.join(", ", pools)));
              });
        }
      }
    }
  }

  /** The queue of a pool that a request's work goes to; empty for the pool's own. */
  String of(String pool, String tenant, Optional<TaskClass> task) {
    for (OwnQueue queue : all) {
      if (queue.takes(pool, tenant, task)) {
        return queue.name();
      }
    }
    return "";
  }

  /** The weights of a pool's queues by name, its own not among them. */
  public Map<String, Integer> weights(String pool) {
    Map<String, Integer> weights = new HashMap<>();
    for (OwnQueue queue : all) {
      if (queue.pools().contains(pool)) {
        weights.put(queue.name(), queue.weight());
      }
    }
    return weights;
  }

  /** The names of each pool's queues, by its name; pools without any are not there. */
  public Map<String, Set<String>> byPool() {
    Map<String, Set<String>> byPool = new TreeMap<>();
    for (OwnQueue queue : all) {
      queue
          .pools()
          .forEach(pool -> byPool.computeIfAbsent(pool, name -> new TreeSet<>()).add(queue.name()));
    }
    return byPool;
  }
}
