package io.ratatoskr.launcher.ask;

import io.ratatoskr.policy.Ask;
import io.ratatoskr.policy.Traits;
import io.ratatoskr.policy.name.ModelName;
import io.ratatoskr.schemas.CacheMode;
import io.ratatoskr.schemas.Capability;
import io.ratatoskr.schemas.DataPolicy;
import io.ratatoskr.schemas.Lane;
import io.ratatoskr.schemas.RequestHead;
import io.ratatoskr.schemas.RequestId;
import io.ratatoskr.schemas.RoutingHints;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A request as {@code explain} takes it.
 *
 * @param ask what it comes to for the policy
 */
record ExplainedRequest(Ask ask) {
  private static final Set<String> KEYS =
      Set.of(
          "capability",
          "model",
          "prompt",
          "messages",
          "preset",
          "provider",
          "task_class",
          "conversation",
          "data_policy",
          "lane",
          "stream",
          "tools",
          "json_schema",
          "max_tokens",
          "tenant");

  private static final int BYTES_PER_TOKEN = 4;

  /**
   * Reads one.
   *
   * @throws IllegalArgumentException naming the key that is wrong
   */
  static ExplainedRequest parse(String text) {
    JsonNode request;
    try {
      request = JsonMapper.shared().readTree(text);
    } catch (JacksonException e) {
      throw new IllegalArgumentException("the request is no JSON: " + e.getOriginalMessage(), e);
    }
    if (!request.isObject()) {
      throw new IllegalArgumentException("the request is no JSON object");
    }
    Set<String> unknown = new TreeSet<>(request.propertyNames());
    unknown.removeAll(KEYS);
    if (!unknown.isEmpty()) {
      throw new IllegalArgumentException(
          "the request has no key '%s'; there are %s"
              .formatted(String.join("', '", unknown), String.join(", ", new TreeSet<>(KEYS))));
    }
    return new ExplainedRequest(ask(request));
  }

  private static Ask ask(JsonNode request) {
    Capability capability =
        choice(
            request,
            "capability",
            Capability.CHAT,
            Capability::ofTopicName,
            Arrays.stream(Capability.values()).map(Capability::topicName));
    Lane lane =
        choice(
            request,
            "lane",
            Lane.INTERACTIVE,
            Lane::named,
            Arrays.stream(Lane.values()).map(Lane::topicName));
    DataPolicy data =
        choice(
            request,
            "data_policy",
            DataPolicy.LOCAL_ONLY,
            name ->
                Arrays.stream(DataPolicy.values())
                    .filter(policy -> policy.headerValue().equals(name))
                    .findFirst(),
            Arrays.stream(DataPolicy.values()).map(DataPolicy::headerValue));
    String preset = text(request, "preset", "");
    RequestHead head =
        new RequestHead(
            new RequestId(new UUID(0, 0)),
            text(request, "model", preset.isEmpty() ? ModelName.AUTO : ""),
            preset,
            request.path("stream").asBoolean(false),
            text(request, "tenant", ""),
            data,
            CacheMode.OFF,
            new RoutingHints(
                text(request, "provider", ""),
                text(request, "task_class", ""),
                text(request, "conversation", "")));
    Traits traits = traits(request);
    return new Ask(capability, lane, head, traits.promptTokens() * BYTES_PER_TOKEN, () -> traits);
  }

  private static Traits traits(JsonNode request) {
    String prompt = text(request, "prompt", "");
    long bytes = prompt.getBytes(StandardCharsets.UTF_8).length;
    for (JsonNode message : request.path("messages")) {
      String content = message.path("content").asString("");
      bytes += content.getBytes(StandardCharsets.UTF_8).length;
      if (message.path("role").asString("").equals("user")) {
        prompt = content;
      }
    }
    return new Traits(
        prompt,
        (int) Math.min(Integer.MAX_VALUE / BYTES_PER_TOKEN, bytes / BYTES_PER_TOKEN),
        request.path("max_tokens").asInt(0),
        isThere(request.path("tools")),
        isThere(request.path("json_schema")));
  }

  /** Whether something is asked for: true, or what is not empty. */
  private static boolean isThere(JsonNode node) {
    return node.isContainer() ? !node.isEmpty() : node.asBoolean(false);
  }

  private static String text(JsonNode request, String key, String absent) {
    JsonNode value = request.path(key);
    if (value.isMissingNode() || value.isNull()) {
      return absent;
    }
    if (!value.isString()) {
      throw new IllegalArgumentException(key + ": must be a text");
    }
    return value.asString();
  }

  private static <T> T choice(
      JsonNode request,
      String key,
      T absent,
      Function<String, Optional<T>> parse,
      Stream<String> names) {
    String name = text(request, key, "");
    if (name.isEmpty()) {
      return absent;
    }
    return parse
        .apply(name)
        .orElseThrow(() ->
            new IllegalArgumentException(
                "%s: there is no '%s'; there are %s"
                    .formatted(key, name, names.collect(Collectors.joining(", ")))));
  }
}
