package io.ratatoskr.gateway;

import io.ratatoskr.schemas.InferenceError;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A piece of JSON of a provider's answer, read without trust: what is absent or of another kind is
 * empty.
 *
 * @param node of any kind
 */
record Document(JsonNode node) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * Reads a text.
   *
   * @throws ProviderFailure with {@code Json} if it is none
   */
  static Document parse(String text) throws ProviderFailure {
    return tryParse(text)
        .orElseThrow(() ->
            new ProviderFailure(
                InferenceError.json("The provider's answer is no valid JSON: " + start(text))));
  }

  /** Reads a text; empty if it is no JSON. */
  static Optional<Document> tryParse(String text) {
    try {
      JsonNode node = JSON.readTree(text);
      return node == null || node.isMissingNode()
          ? Optional.empty()
          : Optional.of(new Document(node));
    } catch (JacksonException e) {
      return Optional.empty();
    }
  }

  private static String start(String text) {
    String first = text.strip().replaceAll("\\s+", " ");
    return first.length() > 60 ? first.substring(0, 60) + "…" : first;
  }

  /** An empty object, for a request. */
  static ObjectNode object() {
    return JSON.createObjectNode();
  }

  /** An empty array, for a request. */
  static ArrayNode array() {
    return JSON.createArrayNode();
  }

  /** A JSON text of ours as a node; it was checked when it was made. */
  static JsonNode node(String checked) {
    return JSON.readTree(checked);
  }

  /** Adds the members of an object to another; of members that both have, objects are joined. */
  static void merge(ObjectNode into, JsonNode members) {
    for (var member : members.properties()) {
      JsonNode own = into.get(member.getKey());
      if (own instanceof ObjectNode object && member.getValue().isObject()) {
        merge(object, member.getValue());
      } else {
        into.set(member.getKey(), member.getValue());
      }
    }
  }

  Document at(String member) {
    return new Document(node.path(member));
  }

  boolean has(String member) {
    return !node.path(member).isMissingNode() && !node.path(member).isNull();
  }

  boolean isText() {
    return node.isString();
  }

  boolean isObject() {
    return node.isObject();
  }

  /** The text of a member. */
  String text(String member) {
    return at(member).text();
  }

  /** The text, if it is one. */
  String text() {
    return node.isString() ? node.stringValue() : "";
  }

  /** The number of a member, if it is a whole one that is not negative. */
  OptionalLong count(String member) {
    JsonNode value = node.path(member);
    return value.isIntegralNumber() && value.canConvertToLong() && value.longValue() >= 0
        ? OptionalLong.of(value.longValue())
        : OptionalLong.empty();
  }

  boolean isTrue(String member) {
    return node.path(member).isBoolean() && node.path(member).booleanValue();
  }

  /** The elements of a member. */
  List<Document> list(String member) {
    List<Document> all = new ArrayList<>();
    if (node.path(member).isArray()) {
      node.path(member).forEach(element -> all.add(new Document(element)));
    }
    return all;
  }

  /** Its JSON text. */
  String json() {
    return node.toString();
  }
}
