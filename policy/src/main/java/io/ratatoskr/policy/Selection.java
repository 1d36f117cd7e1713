package io.ratatoskr.policy;

import io.ratatoskr.catalog.CatalogSnapshot;
import io.ratatoskr.policy.Choice.Considered;
import io.ratatoskr.policy.Option.Prospect;
import io.ratatoskr.policy.name.ModelName;
import io.ratatoskr.policy.task.TaskClass;
import io.ratatoskr.schemas.Capability;
import io.ratatoskr.schemas.DataPolicy;
import io.ratatoskr.schemas.InferenceError;
import io.ratatoskr.schemas.Location;
import io.ratatoskr.schemas.Topics;
import io.ratatoskr.schemas.WorkerPool;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The choice for one request: collects its options, and what speaks against the others. */
final class Selection {
  private static final int MOST_CANDIDATES = 4;

  private final PolicyConfig config;
  private final PolicyLimits limits;
  private final Function<String, ModelProfile> profiles;
  private final Ask ask;
  private final World world;
  private final Roster roster;
  private final DataPolicy data;
  private final boolean explains;
  private final List<Considered> leftOut = new ArrayList<>();
  private final List<Option> forbidden = new ArrayList<>();
  private long lastsUntilMs = Long.MAX_VALUE;
  private int lastsBelowBytes = Integer.MAX_VALUE;
  private final List<String> unsuitable = new ArrayList<>();
  private final Ranking ranking;

  Selection(
      PolicyConfig config,
      PolicyLimits limits,
      Function<String, ModelProfile> profiles,
      Ask ask,
      World world,
      Roster roster,
      boolean explains) {
    this.config = config;
    this.limits = limits;
    this.profiles = profiles;
    this.ask = ask;
    this.world = world;
    this.roster = roster;
    this.data = config.privacy().limit(ask.head().dataPolicy());
    this.explains = explains;
    this.ranking =
        new Ranking(
            world,
            roster,
            config.routing().strategy(ask.capability()),
            config.routing().primary(ask.capability()),
            data);
  }

  /**
   * A choice, and how long it is the same for equal requests in the same state of the world.
   *
   * @param untilMs until when, in epoch milliseconds
   * @param belowBytes for requests of fewer bytes
   */
  record Made(Choice choice, long untilMs, int belowBytes) {}

  Made of(Wanted wanted) {
    Choice choice = choice(wanted);
    return new Made(choice, lastsUntilMs, lastsBelowBytes);
  }

  private Choice choice(Wanted wanted) {
    List<WorkerPool> serving = serving();
    List<WorkerPool> there =
        serving.stream()
            .filter(pool -> world.topics().contains(Topics.work(ask.lane(), pool.name())))
            .toList();
    if (there.isEmpty()) {
      return refused(nobodyServes(serving), wanted);
    }
    List<Option> options = new ArrayList<>();
    wishes(wanted, there).forEach(wish -> collect(wish, there, options));
    List<Option> comparable =
        ask.capability() == Capability.EMBED ? ranking.ofOneSpace(options) : options;
    if (comparable.isEmpty() || onlyForbiddenOnesServe(comparable)) {
      return refused(refusal(wanted, there), wanted);
    }
    return chosen(ordered(comparable), wanted);
  }

  private List<WorkerPool> serving() {
    List<WorkerPool> serving = roster.serving().getOrDefault(ask.capability(), List.of());
    String pin = ask.head().hints().provider();
    return pin.isEmpty()
        ? serving
        : serving.stream().filter(pool -> pool.name().equals(pin)).toList();
  }

  private InferenceError nobodyServes(List<WorkerPool> serving) {
    String capability = ask.capability().topicName();
    String pin = ask.head().hints().provider();
    String who = pin.isEmpty() ? "no pool" : "no pool '" + pin + "'";
    return InferenceError.noProvider(
        capability,
        "%s serves %s%s"
            .formatted(
                who,
                capability,
                serving.isEmpty()
                    ? ""
                    : serving.stream()
                        .map(pool -> Topics.work(ask.lane(), pool.name()))
                        .collect(Collectors.joining(" is absent, ", ": ", " is absent"))));
  }

  /** What is wished for, and what in its place where the request allows another pool. */
  private List<Wish> wishes(Wanted wanted, List<WorkerPool> there) {
    List<Wish> wishes = new ArrayList<>(wanted.wishes());
    int group = wishes.getLast().group() + 1;
    for (Map.Entry<Target, String> fallback :
        config.routing().inPlaceOf(wanted.model(), wanted.task(), ask.capability())) {
      wishes.add(
          wish(
              fallback.getKey(), wanted.model(), wanted.task(), fallback.getValue(), group, there));
      group++;
    }
    return wishes;
  }

  private Wish wish(
      Target target,
      String model,
      Optional<TaskClass> task,
      String reason,
      int group,
      List<WorkerPool> there) {
    boolean pool =
        target.pool().isEmpty() && there.stream().anyMatch(one -> one.name().equals(target.name()));
    if (!pool) {
      return new Wish(Optional.of(target.name()), target.pool(), task, reason, group);
    }
    boolean same = !model.isEmpty() && world.catalog().pool(target.name()).models().contains(model);
    return new Wish(
        same ? Optional.of(model) : Optional.empty(),
        Optional.of(target.name()),
        task,
        reason,
        group);
  }

  private void collect(Wish wish, List<WorkerPool> there, List<Option> options) {
    for (WorkerPool pool : there) {
      if (wish.pool().isPresent() && !wish.pool().get().equals(pool.name())) {
        continue;
      }
      CatalogSnapshot.Pool workers = world.catalog().pool(pool.name());
      Collection<String> models =
          wish.model().<Collection<String>>map(List::of).orElseGet(() -> open(wish, workers));
      for (String model : models) {
        Option option = option(wish, pool, workers, model);
        if (options.stream().anyMatch(option::isSame)) {
          continue;
        }
        lastsUntilMs = Math.min(lastsUntilMs, option.changesMs(world));
        String against = against(option);
        if (against == null) {
          against = beyond(wish, option);
        }
        if (against == null) {
          options.add(option);
        } else if (explains) {
          leftOut.add(new Considered(pool.name(), model, option.score(), against, false));
        }
      }
    }
  }

  /** Those a wish without a model is open to: a language model judges only where it is named. */
  private Collection<String> open(Wish wish, CatalogSnapshot.Pool workers) {
    boolean names = wish.pool().isPresent() || !ask.head().hints().provider().isEmpty();
    return names || !ask.capability().judges()
        ? named(workers)
        : named(workers).stream().filter(model -> !workers.takes(model, Capability.CHAT)).toList();
  }

  /** The models of a pool that can be asked for this; the empty one where none is run for it. */
  private Collection<String> named(CatalogSnapshot.Pool workers) {
    return ask.capability().runsModel()
        ? workers.models().stream()
            .filter(model -> workers.takes(model, ask.capability()))
            .sorted()
            .toList()
        : List.of("");
  }

  private Option option(Wish wish, WorkerPool pool, CatalogSnapshot.Pool workers, String model) {
    Option plain =
        new Option(
            pool,
            model,
            workers,
            world.health().of(pool.name(), model),
            profiles.apply(model),
            wish.reason(),
            Option.NAMED,
            wish.group());
    return wish.model().isPresent() || !ask.capability().runsModel()
        ? plain
        : scored(plain, wish.task().orElse(TaskClass.GENERAL));
  }

  private Option scored(Option option, TaskClass task) {
    return option.scored(ranking, task, (double) config.classes().of(task).firstToken().toMillis());
  }

  /** Why an option is none, for people; null where nothing speaks against it. */
  private @Nullable String against(Option option) {
    CatalogSnapshot.Pool workers = option.workers();
    String model = option.model();
    if (ask.capability().runsModel()) {
      if (!workers.takes(model, ask.capability())) {
        return "its workers do not have it for " + ask.capability().topicName();
      }
      if (workers.unavailable().containsKey(model)) {
        return "no worker can use it: " + workers.unavailable().get(model);
      }
    }
    if (option.pool().location() == Location.REMOTE && data == DataPolicy.LOCAL_ONLY) {
      forbidden.add(option);
      return "the data would leave this deployment's machines";
    }
    String inability = inability(option);
    if (inability != null) {
      unsuitable.add("%s at %s %s".formatted(model, option.pool().name(), inability));
    }
    return inability;
  }

  /** Why a model is none of those that a preset lets the policy choose among. */
  private @Nullable String beyond(Wish wish, Option option) {
    if (wish.criteria().filter(one -> !option.fits(one)).isEmpty()) {
      return null;
    }
    String why = "is not what the preset allows: " + wish.reason();
    unsuitable.add("%s at %s %s".formatted(option.model(), option.pool().name(), why));
    return why;
  }

  /** What of the request a model cannot do; the payload is read only where it matters. */
  private @Nullable String inability(Option option) {
    ModelProfile profile = option.profile();
    if (ask.head().stream() && profile.streaming() == ModelProfile.Ability.NO) {
      return "cannot answer in parts";
    }
    if (profile.tools() == ModelProfile.Ability.NO && ask.traits().get().tools()) {
      return "cannot call tools";
    }
    if (profile.jsonSchema() == ModelProfile.Ability.NO && ask.traits().get().jsonSchema()) {
      return "cannot follow a JSON schema";
    }
    int context =
        profile.context() > 0
            ? profile.context()
            : roster.offer(option.pool().name(), option.model()).maxTokens();
    if (!ask.capability().streams() || context == 0) {
      return null;
    }
    if (ask.bytes() < context) { // no text has more tokens than bytes
      lastsBelowBytes = Math.min(lastsBelowBytes, context);
      return null;
    }
    int needed = ask.traits().get().contextTokens();
    return needed > context
        ? "takes %d tokens, and about %d are needed".formatted(context, needed)
        : null;
  }

  /** Whether nobody was ever heard of in the allowed ones, while another has the model. */
  private boolean onlyForbiddenOnesServe(List<Option> allowed) {
    return world.catalog().settled()
        && allowed.stream().allMatch(option -> option.prospect(world) == Prospect.UNKNOWN)
        && forbidden.stream().anyMatch(option -> option.prospect(world) == Prospect.SERVES);
  }

  private InferenceError refusal(Wanted wanted, List<WorkerPool> there) {
    if (!forbidden.isEmpty()) {
      String who =
          forbidden.stream()
              .map(option -> option.pool().name())
              .distinct()
              .collect(Collectors.joining(", "));
      return InferenceError.consentRequired(
          "only %s could answer, and the data would leave this deployment's machines; set %s"
                  .formatted(who, "data-policy to prefer_local or remote_allowed")
              + " if they may");
    }
    if (!unsuitable.isEmpty()) {
      return InferenceError.unsupported(
          "nobody can do what is asked for: " + String.join("; ", unsuitable));
    }
    return unusable(wanted.model(), there);
  }

  /** Why none of the pools can use the model. */
  private InferenceError unusable(String model, List<WorkerPool> pools) {
    Set<String> known = new TreeSet<>();
    String reason = null;
    boolean named = false;
    for (WorkerPool pool : pools) {
      CatalogSnapshot.Pool workers = world.catalog().pool(pool.name());
      named |= workers.models().contains(model);
      known.addAll(named(workers));
      if (workers.takes(model, ask.capability())) {
        reason = workers.unavailable().getOrDefault(model, reason);
      }
    }
    String all = known.isEmpty() ? "none" : String.join(", ", known);
    if (model.isEmpty()) {
      return InferenceError.modelNotFound(
          ModelName.AUTO, "no worker says which models it has; name one");
    }
    return reason != null
        ? InferenceError.modelNotAvailable(model, "no worker can use '" + model + "': " + reason)
        : InferenceError.modelNotFound(
            model,
            "no worker knows '%s'%s; there are %s"
                .formatted(model, named ? " for " + ask.capability().topicName() : "", all));
  }

  private List<Option> ordered(List<Option> options) {
    List<Option> sorted = ranking.sorted(options);
    String conversation = ask.head().hints().conversation();
    if (!conversation.isEmpty()) {
      return ranking.inFavourOf(conversation, sorted);
    }
    return ranking.strategy() == Strategy.LOAD_BALANCED
        ? ranking.inFavourOf(ask.head().requestId().toString(), sorted)
        : sorted;
  }

  private Choice chosen(List<Option> order, Wanted wanted) {
    List<Option> first = order.stream().limit(MOST_CANDIDATES).toList();
    List<PoolCandidate> chain =
        first.stream()
            .map(option ->
                option.candidate(
                    config.retry().maxAttempts(), limits.queueLimit(ask.lane()), wanted))
            .toList();
    Option head = first.getFirst();
    long hold = head.isBlocked(world) ? head.askableMs(world) : 0;
    return new Choice(chain, null, hold, task(wanted), wanted.text(), considered(order));
  }

  private Choice refused(InferenceError error, Wanted wanted) {
    return new Choice(List.of(), error, 0, task(wanted), wanted.text(), considered(List.of()));
  }

  private Optional<TaskClass> task(Wanted wanted) {
    return TaskClass.ofClassName(ask.head().hints().taskClass()).or(wanted::task);
  }

  private List<Considered> considered(List<Option> order) {
    if (!explains) {
      return List.of();
    }
    List<Considered> all = new ArrayList<>();
    for (Option option : order) {
      boolean chosen = all.size() < MOST_CANDIDATES;
      all.add(
          new Considered(
              option.pool().name(),
              option.model(),
              option.score(),
              option.verdict(world) + (chosen ? "" : "; a chain has four candidates"),
              chosen));
    }
    all.addAll(leftOut.stream().sorted(Comparator.comparing(Considered::pool)).toList());
    return all;
  }
}
