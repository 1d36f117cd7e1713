package io.ratatoskr.schemas;

import io.ratatoskr.settings.InvalidSettingException;
import io.ratatoskr.settings.Section;
import io.ratatoskr.settings.Setting;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Map;

/**
 * The address of a schema registry, or none. Its text is the URL; nothing shows the credentials.
 *
 * @param url below which the Confluent REST API lies, without credentials; empty for no registry
 * @param credentials {@code user:password} for HTTP basic authentication; empty for none
 */
public record SchemaRegistry(String url, String credentials) {
  /** The key in the configurations of Kafka's clients. */
  public static final String KEY = "schema.registry.url";

  private static final String ALLOWED = "an http or https URL, or empty";

  /** Schema ids are derived from the schemas. */
  public static final SchemaRegistry NONE = new SchemaRegistry("", "");

  /** The setting of everything that reads or writes records. */
  public static final Setting<SchemaRegistry> SETTING =
      Setting.scalar(
              "schema-registry.url",
              NONE,
              ALLOWED,
              SchemaRegistry::of,
              "A schema registry with Confluent's REST API, from which schema ids come; alike in"
                  + " all processes. Where it is empty, ids are derived from the schemas."
                  + " Credentials stand in it: `https://USER:PASSWORD@HOST`. See"
                  + " [schemas](schemas.md).")
          .hidden();

  /** The section of a configuration file. */
  public static final Section SECTION =
      new Section(
          "schema-registry", "For every part that reads or writes records.", List.of(SETTING));

  public SchemaRegistry {
    if (!url.isEmpty()) {
      URI uri = parsed(url);
      if (uri.getHost() == null
          || !("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))
          || uri.getRawUserInfo() != null
          || uri.getRawQuery() != null
          || uri.getRawFragment() != null) {
        throw refused();
      }
    }
  }

  /**
   * The registry at that URL, which may hold credentials; none where the text is blank.
   *
   * @throws IllegalArgumentException naming the key, and not the text, if it is no such URL
   */
  public static SchemaRegistry of(String text) {
    if (text.isBlank()) {
      return NONE;
    }
    URI uri = parsed(text.strip());
    String credentials = uri.getUserInfo();
    return credentials == null
        ? new SchemaRegistry(uri.toString(), "")
        : new SchemaRegistry(uri.toString().replace(uri.getRawUserInfo() + "@", ""), credentials);
  }

  /** The registry that a Kafka client is configured with; none where it is not. */
  static SchemaRegistry of(Map<String, ?> configs) {
    Object url = configs.get(KEY);
    return of(url == null ? "" : url.toString());
  }

  private static URI parsed(String url) {
    try {
      return new URI(url);
    } catch (URISyntaxException e) {
      throw refused(); // without the cause, whose message holds the text
    }
  }

  private static IllegalArgumentException refused() {
    return new InvalidSettingException("schema-registry.url", "must be " + ALLOWED);
  }

  @Override
  public String toString() {
    return url;
  }
}
