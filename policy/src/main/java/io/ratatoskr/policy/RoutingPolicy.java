package io.ratatoskr.policy;

import io.ratatoskr.catalog.CatalogSnapshot;
import io.ratatoskr.catalog.HealthSnapshot;
import io.ratatoskr.policy.name.ModelName;
import io.ratatoskr.policy.task.Classification;
import io.ratatoskr.policy.task.TaskClass;
import io.ratatoskr.policy.task.TaskClassifier;
import io.ratatoskr.schemas.Capability;
import io.ratatoskr.schemas.DataPolicy;
import io.ratatoskr.schemas.InferenceError;
import io.ratatoskr.schemas.Lane;
import io.ratatoskr.schemas.Pools;
import io.ratatoskr.schemas.RequestHead;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Chooses who may answer a request: which models, at which pools, in which order and within which
 * limits.
 *
 * <ol>
 *   <li>What the request names becomes {@linkplain Wish wishes}: a model, or with {@value
 *       ModelName#AUTO} every model, and then those in its place.
 *   <li>Each wish becomes {@linkplain Option options}: the pools that serve the capability, have a
 *       work topic, lie where the data may go, and may come to have a model that can do what is
 *       asked for ({@link Selection}).
 *   <li>The options are put in order: those that can be asked now first, then by wish, then by what
 *       the {@link Strategy} says ({@link Ranking}).
 * </ol>
 *
 * Equal arguments give equal choices. Thread-safe.
 */
public final class RoutingPolicy {
  private static final int MOST_KEPT = 10_000;

  private final Pools pools;
  private final PolicyConfig config;
  private final PolicyLimits limits;
  private final TaskClassifier classifier;
  private final Map<String, ModelProfile> profiles = new ConcurrentHashMap<>();
  private volatile Roster roster;
  private volatile Kept kept = new Kept(CatalogSnapshot.UNKNOWN, HealthSnapshot.UNKNOWN, Set.of());

  /**
   * A policy of what the configuration says.
   *
   * @param pools the pools that may be asked, beside those that workers announce
   */
  public RoutingPolicy(Pools pools, PolicyConfig config, PolicyLimits limits) {
    this.pools = pools;
    this.config = config;
    this.limits = limits;
    this.classifier = new TaskClassifier(config.classes());
    this.roster = Roster.of(CatalogSnapshot.UNKNOWN, pools, limits);
  }

  /** What people are told about a model. */
  public ModelLabel label(String model) {
    return profile(model).label();
  }

  /** How long a request whose choice that is may wait, where it says nothing. */
  public Optional<Duration> timeout(Choice choice) {
    return choice.task().map(task -> config.classes().of(task).timeout());
  }

  /** The candidates for a request, by what is known now. */
  public Choice choose(Ask ask, World world) {
    return placed(chosen(ask, world), ask);
  }

  private Choice placed(Choice choice, Ask ask) {
    return config.queues().all().isEmpty()
        ? choice
        : choice.in(config.queues(), ask.head().tenant());
  }

  private Choice chosen(Ask ask, World world) {
    boolean alike =
        ask.head().hints().conversation().isEmpty()
            && config.routing().strategy(ask.capability()) != Strategy.LOAD_BALANCED;
    if (!alike) {
      return make(ask, world, false).choice();
    }
    Kept now = kept;
    if (!now.isOf(world)) {
      now = new Kept(world.catalog(), world.health(), world.topics());
      kept = now;
    }
    return now.get(ask, world, this);
  }

  /** The same, with everything that was considered. */
  public Choice explain(Ask ask, World world) {
    return placed(make(ask, world, true).choice(), ask);
  }

  @SuppressWarnings("ReferenceEquality") // A snapshot stays the same object while it holds.
  private Selection.Made make(Ask ask, World world, boolean explains) {
    String named = ask.head().hints().taskClass();
    if (!named.isEmpty() && TaskClass.ofClassName(named).isEmpty()) {
      return refused(
          InferenceError.badEnvelope(
              "task-class: there is no '%s'; there are %s"
                  .formatted(named, TaskClass.classNames())));
    }
    Roster known = roster;
    if (known.catalog() != world.catalog()) {
      known = Roster.of(world.catalog(), pools, limits);
      roster = known;
    }
    Selection selection = new Selection(config, limits, this::profile, ask, world, known, explains);
    return switch (new Naming(config, known.servers()).of(ask)) {
      case Naming.Meaning.Named found -> selection.of(found.wanted());
      case Naming.Meaning.Any any -> selection.of(suitable(ask));
      case Naming.Meaning.None none -> refused(none.error());
    };
  }

  private static Selection.Made refused(InferenceError error) {
    return new Selection.Made(
        new Choice(List.of(), error, 0, Optional.empty(), "", List.of()),
        Long.MAX_VALUE,
        Integer.MAX_VALUE);
  }

  /** Every model, compared by the class of the task. */
  private Wanted suitable(Ask ask) {
    RequestHead head = ask.head();
    Optional<TaskClass> given = TaskClass.ofClassName(head.hints().taskClass());
    if (given.isPresent() || !ask.capability().streams()) {
      TaskClass task = given.orElse(TaskClass.GENERAL);
      return auto(task, "auto: " + (given.isPresent() ? task.className() + ", as given" : "any"));
    }
    Traits traits = ask.traits().get();
    Classification found = classifier.classify(traits.prompt(), traits.tools());
    return auto(
        found.taskClass(),
        String.format(
            Locale.ROOT,
            "auto: %s, confidence %.2f, %s",
            found.taskClass().className(),
            found.confidence(),
            found.reason()));
  }

  private static Wanted auto(TaskClass task, String text) {
    return new Wanted(
        "",
        Optional.of(task),
        List.of(
            new Wish(
                Optional.empty(),
                Optional.empty(),
                Optional.of(task),
                "auto: " + task.className(),
                0)),
        text,
        null);
  }

  private ModelProfile profile(String model) {
    if (profiles.size() > MOST_KEPT) {
      profiles.clear(); // requests name what they like
    }
    return profiles.computeIfAbsent(
        model,
        id ->
            config.profiles().stream()
                .filter(profile -> profile.fits(id))
                .findFirst()
                .orElse(ModelProfile.AVERAGE));
  }

  /** The choices in one state of the world, for requests that differ in nothing that matters. */
  private static final class Kept {
    private final CatalogSnapshot catalog;
    private final HealthSnapshot health;
    private final Set<String> topics;
    private final Map<Key, Selection.Made> choices = new ConcurrentHashMap<>();

    private record Key(
        Capability capability,
        Lane lane,
        String model,
        String preset,
        String provider,
        String taskClass,
        boolean stream,
        DataPolicy data) {}

    Kept(CatalogSnapshot catalog, HealthSnapshot health, Set<String> topics) {
      this.catalog = catalog;
      this.health = health;
      this.topics = topics;
    }

    @SuppressWarnings("ReferenceEquality") // Snapshots stay the same objects while they hold.
    boolean isOf(World world) {
      return catalog == world.catalog() && health == world.health() && topics == world.topics();
    }

    Choice get(Ask ask, World world, RoutingPolicy policy) {
      RequestHead head = ask.head();
      Key key =
          new Key(
              ask.capability(),
              ask.lane(),
              head.model(),
              head.preset(),
              head.hints().provider(),
              head.hints().taskClass(),
              head.stream(),
              head.dataPolicy());
      Selection.Made before = choices.get(key);
      if (before != null && world.nowMs() < before.untilMs() && ask.bytes() < before.belowBytes()) {
        return before.choice();
      }
      boolean[] read = {false};
      Ask watched =
          new Ask(
              ask.capability(),
              ask.lane(),
              head,
              ask.bytes(),
              () -> {
                read[0] = true;
                return ask.traits().get();
              });
      Selection.Made made = policy.make(watched, world, false);
      if (!read[0] && made.untilMs() > world.nowMs() && choices.size() < MOST_KEPT) {
        choices.put(key, made);
      }
      return made.choice();
    }
  }
}
