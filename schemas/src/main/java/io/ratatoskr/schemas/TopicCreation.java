package io.ratatoskr.schemas;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/** Brings a cluster's topics to what a deployment asks for; never deletes or shrinks one. */
public final class TopicCreation {
  private static final Duration LOOK_AGAIN = Duration.ofMillis(50);

  private final Admin admin;
  private final Duration timeout;

  public TopicCreation(Admin admin, Duration timeout) {
    this.admin = admin;
    this.timeout = timeout;
  }

  /**
   * The outcome for one topic.
   *
   * @param existing its partitions where it was there before, 0 where it was created now
   */
  public record Outcome(TopicSpec spec, int existing) {

    /** Whether the topic was made by this call. */
    public boolean created() {
      return existing == 0;
    }

    /** Whether it was there before with another number of partitions, which is left as it is. */
    public boolean differs() {
      return existing != 0 && existing != spec.partitions();
    }
  }

  /** The cluster did not do as asked; the message says which topic and why. */
  public static final class TopicsUnavailableException extends RuntimeException {
    TopicsUnavailableException(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }

  /**
   * Creates what is missing, and returns when it can be found.
   *
   * @throws TopicsUnavailableException if the cluster cannot be reached or refuses
   */
  public List<Outcome> create(List<TopicSpec> specs, short replicationFactor) {
    Map<String, Integer> existing = existing(specs);
    List<NewTopic> missing = new ArrayList<>();
    for (TopicSpec spec : specs) {
      if (!existing.containsKey(spec.name())) {
        missing.add(
            new NewTopic(spec.name(), spec.partitions(), replicationFactor).configs(spec.config()));
      }
    }
    Map<String, KafkaFuture<Void>> created = admin.createTopics(missing).values();
    created.forEach(
        (name, future) -> await("creating " + name, future, TopicExistsException.class));
    awaitFound(created.keySet());
    return specs.stream()
        .map(spec -> new Outcome(spec, existing.getOrDefault(spec.name(), 0)))
        .toList();
  }

  /** The controller answers before the brokers know of the topics. */
  private void awaitFound(Set<String> names) {
    long end = System.nanoTime() + timeout.toNanos();
    Set<String> unknown = unknown(names);
    while (!unknown.isEmpty()) {
      String first = unknown.iterator().next();
      if (System.nanoTime() - end > 0) {
        throw new TopicsUnavailableException(
            first + " was created and no broker knows it; are all brokers up?", null);
      }
      pause(first);
      unknown = unknown(unknown);
    }
  }

  private Set<String> unknown(Set<String> names) {
    Set<String> unknown = new HashSet<>(names);
    admin
        .describeTopics(names)
        .topicNameValues()
        .forEach((name, future) -> {
          if (isFound(name, future)) {
            unknown.remove(name);
          }
        });
    return unknown;
  }

  private boolean isFound(String name, KafkaFuture<TopicDescription> described) {
    try {
      return awaited(
          "describing " + name,
          described.thenApply(found -> Boolean.TRUE),
          Boolean.FALSE,
          UnknownTopicOrPartitionException.class);
    } catch (TopicsUnavailableException e) {
      if (e.getCause() instanceof TopicAuthorizationException) {
        return true; // who may create a topic need not be allowed to look at it
      }
      throw e;
    }
  }

  private static void pause(String name) {
    try {
      TimeUnit.MILLISECONDS.sleep(LOOK_AGAIN.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TopicsUnavailableException("looking for " + name + " was interrupted", e);
    }
  }

  /** The partitions of those topics that are there. */
  public Map<String, Integer> existing(List<TopicSpec> specs) {
    Set<String> listed =
        awaited("listing the topics", admin.listTopics().names(), Set.<String>of(), null);
    List<String> wanted = specs.stream().map(TopicSpec::name).filter(listed::contains).toList();
    Map<String, Integer> partitions = new HashMap<>();
    admin
        .describeTopics(wanted)
        .topicNameValues()
        .forEach((name, future) -> {
          TopicDescription absent = new TopicDescription(name, false, List.of());
          int count =
              awaited("describing " + name, future, absent, UnknownTopicOrPartitionException.class)
                  .partitions()
                  .size();
          if (count > 0) {
            partitions.put(name, count);
          }
        });
    return partitions;
  }

  private void await(String what, KafkaFuture<Void> future, Class<? extends Exception> accepted) {
    awaited(what, future.thenApply(done -> Boolean.TRUE), Boolean.TRUE, accepted);
  }

  private <T> T awaited(
      String what,
      KafkaFuture<T> future,
      T instead,
      @Nullable Class<? extends Exception> accepted) {
    try {
      return future.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      if (accepted != null && accepted.isInstance(e.getCause())) {
        return instead;
      }
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new TopicsUnavailableException(what + " failed: " + cause.getMessage(), cause);
    } catch (TimeoutException e) {
      throw new TopicsUnavailableException(
          what + " took longer than " + timeout.toSeconds() + " s; is the broker up?", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TopicsUnavailableException(what + " was interrupted", e);
    }
  }
}
