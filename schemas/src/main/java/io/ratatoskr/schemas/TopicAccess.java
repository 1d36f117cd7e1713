package io.ratatoskr.schemas;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * Checks what a cluster lets this client do with topics. Asked before the start: later a forbidden
 * topic only looks like an idle one.
 */
public final class TopicAccess {
  private final Admin admin;
  private final Duration timeout;

  public TopicAccess(Admin admin, Duration timeout) {
    this.admin = admin;
    this.timeout = timeout;
  }

  /** Topics that the cluster does not have, and what it refuses with those that it has. */
  public record Findings(List<String> missing, List<Refusal> refusals) {
    public Findings {
      missing = List.copyOf(missing);
      refusals = List.copyOf(refusals);
    }

    /** The refusals in words, and what to do about them. */
    public String refused() {
      return refusals.stream().map(Refusal::toString).collect(Collectors.joining("; "))
          + "; allow it with kafka-acls --add --allow-principal User:NAME --operation OPERATION"
          + " --topic TOPIC";
    }
  }

  /** An operation that the cluster refuses this client. */
  public record Refusal(String topic, AclOperation operation) {
    @Override
    public String toString() {
      return operation.name().toLowerCase(Locale.ROOT) + " is forbidden on topic " + topic;
    }
  }

  /**
   * Looks the topics up.
   *
   * @param wanted for each topic the operations that will be needed
   * @throws TimeoutException if no broker answers in time
   * @throws ExecutionException if the cluster refuses the question itself
   */
  public Findings look(Map<String, Set<AclOperation>> wanted)
      throws InterruptedException, ExecutionException, TimeoutException {
    Map<String, KafkaFuture<TopicDescription>> described =
        admin
            .describeTopics(
                wanted.keySet(), new DescribeTopicsOptions().includeAuthorizedOperations(true))
            .topicNameValues();
    List<String> missing = new ArrayList<>();
    List<Refusal> refusals = new ArrayList<>();
    for (Map.Entry<String, Set<AclOperation>> topic : new TreeMap<>(wanted).entrySet()) {
      String name = topic.getKey();
      try {
        KafkaFuture<TopicDescription> description = described.get(name);
        if (description != null) {
          Set<AclOperation> allowed =
              description.get(timeout.toMillis(), TimeUnit.MILLISECONDS).authorizedOperations();
          topic.getValue().stream()
              .filter(operation -> allowed != null && !allowed.contains(operation))
              .sorted()
              .forEach(operation -> refusals.add(new Refusal(name, operation)));
        }
      } catch (ExecutionException e) {
        if (e.getCause() instanceof UnknownTopicOrPartitionException) {
          missing.add(name);
        } else if (e.getCause() instanceof AuthorizationException) {
          refusals.add(new Refusal(name, AclOperation.DESCRIBE));
        } else {
          throw e;
        }
      }
    }
    return new Findings(missing, refusals);
  }
}
