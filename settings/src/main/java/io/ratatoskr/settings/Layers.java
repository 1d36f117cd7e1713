package io.ratatoskr.settings;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The layers that values come from; the later wins: a file of the machine, a file of the user, its
 * secrets, a file that is named, a properties file of one section, the environment, {@code --set},
 * and options that stand for keys. Can be read again.
 */
public final class Layers {
  private static final String PREFIX = "RATATOSKR_";

  /**
   * The variables that a cluster puts into the environment for each service, whose name may be
   * ours.
   */
  private static final Pattern SERVICE_LINK =
      Pattern.compile(".*_(SERVICE_HOST|SERVICE_PORT(_.*)?|PORT(_\\d+_(TCP|UDP)(_.*)?)?)");

  /**
   * Files and environment that are looked at unasked.
   *
   * @param machine the file for everybody on this machine; need not be there
   * @param user the file of this user; need not be there
   * @param environment variables by name
   */
  public record Surroundings(Path machine, Path user, Map<String, String> environment) {
    public Surroundings {
      environment = Map.copyOf(environment);
    }

    /** The files and the environment of this process. */
    public static Surroundings system() {
      return new Surroundings(
          Path.of("/etc/ratatoskr/ratatoskr.toml"),
          Path.of(System.getProperty("user.home", "?"), ".ratatoskr", "ratatoskr.toml"),
          System.getenv());
    }

    /**
     * The file beside the user's for keys that nobody else may read; need not be there, and is
     * refused where the group or others may do anything with it.
     */
    public Path secrets() {
      return user.resolveSibling("secrets.toml");
    }

    /** No files and no environment. */
    public static Surroundings none() {
      // In a folder that is not there: beside a file without one stands whatever is here.
      Path nowhere = Path.of("none", "none.toml");
      return new Surroundings(nowhere, nowhere, Map.of());
    }
  }

  private final KnownSettings known;
  private final Surroundings surroundings;
  private final @Nullable Path named;
  private final @Nullable PropertiesOf properties;
  private final Map<String, String> set;
  private final Values flags;

  private Layers(
      KnownSettings known,
      Surroundings surroundings,
      @Nullable Path named,
      @Nullable PropertiesOf properties,
      Map<String, String> set,
      Values flags) {
    this.known = known;
    this.surroundings = surroundings;
    this.named = named;
    this.properties = properties;
    this.set = new TreeMap<>(set);
    this.flags = flags;
  }

  /** The two files that need not be there, and the environment. */
  public static Layers of(KnownSettings known, Surroundings surroundings) {
    return new Layers(known, surroundings, null, null, Map.of(), Values.none());
  }

  /** And a file, which must be there. */
  public Layers withFile(Path file) {
    return new Layers(known, surroundings, file, properties, set, flags);
  }

  /**
   * And the keys of one section from a properties file.
   *
   * @param option that names the file
   * @param renamed keys of the file that have another name in the section
   */
  public Layers withProperties(
      String option, Path file, String section, Map<String, String> renamed) {
    return new Layers(
        known, surroundings, named, new PropertiesOf(option, file, section, renamed), set, flags);
  }

  private record PropertiesOf(
      String option, Path file, String section, Map<String, String> renamed) {

    /** By key. */
    Map<String, String> texts() {
      Properties properties = new Properties();
      try (Reader reader = Files.newBufferedReader(file)) {
        properties.load(reader);
      } catch (IOException | IllegalArgumentException e) {
        throw new InvalidSettingException(
            "", "%s: cannot read %s: %s".formatted(option, file, e.getMessage()));
      }
      Map<String, String> texts = new TreeMap<>();
      properties.forEach((key, value) ->
          texts.put(
              section + "." + renamed.getOrDefault(key.toString(), key.toString()),
              value.toString()));
      return texts;
    }
  }

  /** And the texts of {@code --set}, by key. */
  public Layers withSet(Map<String, String> texts) {
    return new Layers(known, surroundings, named, properties, texts, flags);
  }

  /**
   * And what an option stands for.
   *
   * @param option its name, such as {@code --inflight}
   */
  public Layers withFlag(String option, String key, String text) {
    return withFlag(option, key, new RawValue.Text(text));
  }

  /** The same, of an option that takes several. */
  public Layers withFlag(String option, String key, List<String> texts) {
    return withFlag(option, key, new RawValue.Many(texts));
  }

  private Layers withFlag(String option, String key, RawValue value) {
    Values one = new Values(Map.of(key, new Values.Given(key, value, new Origin.Argument(option))));
    return new Layers(known, surroundings, named, properties, set, flags.with(one));
  }

  /** The files that are read, in their order; those that are not there are left out. */
  public List<Path> files() {
    List<Path> files = new ArrayList<>();
    for (Path file : List.of(surroundings.machine(), surroundings.user(), surroundings.secrets())) {
      if (Files.isRegularFile(file)) {
        files.add(file);
      }
    }
    if (named != null) {
      files.add(named);
    }
    return files;
  }

  /**
   * Reads all of them.
   *
   * @throws InvalidSettingsException with everything that is wrong
   */
  public Values read() {
    List<InvalidSettingException> mistakes = new ArrayList<>();
    Values values = Values.none();
    for (Path file : files()) {
      if (file.equals(surroundings.secrets()) && isOpenToOthers(file)) {
        mistakes.add(
            new InvalidSettingException(
                "", "%s: others may read or change it; run chmod 600 %s".formatted(file, file)));
        continue;
      }
      values = values.with(TomlSource.read(file, known, surroundings.environment(), mistakes));
    }
    values = values.with(properties(mistakes));
    values = values.with(environment(mistakes)).with(set(mistakes));
    for (String key : flags.keys()) {
      check(key, flags, mistakes);
    }
    values = values.with(flags);
    if (!mistakes.isEmpty()) {
      throw new InvalidSettingsException(mistakes);
    }
    return values;
  }

  /** Where files have no such permissions, as on Windows, nobody is refused. */
  private static boolean isOpenToOthers(Path file) {
    try {
      return Files.getPosixFilePermissions(file).stream()
          .anyMatch(permission -> !permission.name().startsWith("OWNER_"));
    } catch (UnsupportedOperationException | IOException e) {
      return false;
    }
  }

  private boolean check(String key, Values values, List<InvalidSettingException> mistakes) {
    Origin origin = values.origin(key).orElseThrow();
    Optional<Setting<?>> setting = known.of(key);
    if (setting.isEmpty()) {
      mistakes.add(known.unknown(key, origin));
      return false;
    }
    try {
      setting.get().of(values);
      return true;
    } catch (InvalidSettingException e) {
      mistakes.add(e.at(origin));
      return false;
    }
  }

  private Values properties(List<InvalidSettingException> mistakes) {
    Values values = Values.none();
    if (properties == null) {
      return values;
    }
    Origin origin = new Origin.Argument(properties.option() + " " + properties.file());
    try {
      for (Map.Entry<String, String> entry : properties.texts().entrySet()) {
        values = values.with(argument(entry.getKey(), entry.getValue(), origin, mistakes));
      }
    } catch (InvalidSettingException e) {
      mistakes.add(e);
    }
    return values;
  }

  private Values set(List<InvalidSettingException> mistakes) {
    Values values = Values.none();
    for (Map.Entry<String, String> entry : set.entrySet()) {
      boolean secret =
          known.of(entry.getKey()).map(found -> found.secret().test(entry.getKey())).orElse(true);
      Origin origin =
          new Origin.Argument("--set " + entry.getKey() + (secret ? "" : "=" + entry.getValue()));
      values = values.with(argument(entry.getKey(), entry.getValue(), origin, mistakes));
    }
    return values;
  }

  private Values environment(List<InvalidSettingException> mistakes) {
    Map<String, String> keys = new TreeMap<>();
    Set<String> sections = new TreeSet<>();
    for (Setting<?> setting : known.settings()) {
      if (!setting.form().table()) {
        keys.put(variable(setting.key()), setting.key());
      }
    }
    for (Section section : known.sections()) {
      sections.add(variable(section.name().split("\\.", 2)[0]) + "_");
    }
    Values values = Values.none();
    for (String name : new TreeSet<>(surroundings.environment().keySet())) {
      Origin origin = new Origin.Variable(name);
      String text = String.valueOf(surroundings.environment().get(name));
      String dotted =
          name.startsWith(PREFIX)
              ? name.substring(PREFIX.length()).toLowerCase(Locale.ROOT).replace('_', '.')
              : "";
      String key = keys.get(name);
      if (key == null && known.of(dotted).filter(found -> found.form().table()).isPresent()) {
        key = dotted;
      }
      if (key != null) {
        values = values.with(argument(key, text, origin, mistakes));
      } else if (sections.stream().anyMatch(name::startsWith)
          && !known.elsewhere().containsKey(name)
          && !SERVICE_LINK.matcher(name).matches()) {
        mistakes.add(
            new InvalidSettingException(
                "",
                "stands for no key"
                    + Spelling.nearest(name, keys.keySet().stream())
                        .map(nearest -> "; did you mean " + nearest + "?")
                        .orElse("; docs/configuration.md lists all"),
                origin));
      }
    }
    return values;
  }

  /** The variable that stands for a key. */
  public static String variable(String key) {
    return PREFIX + key.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
  }

  private Values argument(
      String key, String text, Origin origin, List<InvalidSettingException> mistakes) {
    boolean list = known.of(key).map(found -> found.fallback() instanceof List).orElse(false);
    try {
      Values one =
          new Values(
              Map.of(key, new Values.Given(key, TomlSource.argument(key, text, list), origin)));
      return check(key, one, mistakes) ? one : Values.none();
    } catch (InvalidSettingException e) {
      mistakes.add(e.at(origin));
      return Values.none();
    }
  }
}
