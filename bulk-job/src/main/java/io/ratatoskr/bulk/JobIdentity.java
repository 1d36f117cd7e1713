package io.ratatoskr.bulk;

import io.ratatoskr.formats.LineInput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/**
 * The properties by which an unfinished job is known again, by name: input and options. A resumed
 * job must have the same.
 */
record JobIdentity(Map<String, String> values) {

  JobIdentity {
    values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
  }

  /**
   * The properties of an input that a resumed job compares before it reads. The content itself is
   * compared while it is read.
   */
  static JobIdentity of(LineInput input) throws IOException {
    JobIdentity identity =
        of("input", input.file().map(Path::toString).orElse("-"))
            .with("format", input.format().name())
            .with("gzip", Boolean.toString(input.gzip()))
            .with("fields", input.fields())
            .with("id-field", input.idField())
            .with("keep", input.keep());
    if (input.file().isPresent() && Files.isRegularFile(input.file().get())) {
      Path file = input.file().get();
      return identity
          .with("input size", Long.toString(Files.size(file)))
          .with("input modified", Files.getLastModifiedTime(file).toString());
    }
    return identity;
  }

  static JobIdentity of(String name, String value) {
    return new JobIdentity(Map.of(name, value));
  }

  JobIdentity with(String name, String value) {
    return with(of(name, value));
  }

  /** A list as a JSON array, so that no other list reads the same. */
  JobIdentity with(String name, List<String> value) {
    return with(name, JsonMapper.shared().writeValueAsString(value));
  }

  JobIdentity with(JobIdentity more) {
    Map<String, String> all = new LinkedHashMap<>(values);
    all.putAll(more.values);
    return new JobIdentity(all);
  }

  /** The differences from an earlier job, one sentence each. */
  List<String> differencesFrom(JobIdentity earlier) {
    List<String> differences = new ArrayList<>();
    values.forEach((name, value) -> {
      String was = earlier.values.getOrDefault(name, "");
      if (!was.equals(value)) {
        differences.add(name + " was '" + was + "' and is '" + value + "'");
      }
    });
    return differences;
  }
}
