package io.ratatoskr.launcher.operate;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What differs between two policies, key by key. */
final class PolicyDifference {
  private PolicyDifference() {}

  /**
   * The keys that differ, in the order of the sections: a line for each section or entry, and below
   * it one with {@code -} for what was and one with {@code +} for what is.
   *
   * @param before every key with its value, as {@code config show} prints them
   * @param after the same of the other policy
   */
  static List<String> of(String before, String after) {
    Map<String, Map<String, String>> was = blocks(before);
    Map<String, Map<String, String>> is = blocks(after);
    List<String> lines = new ArrayList<>();
    for (String block : either(was.keySet(), is.keySet())) {
      List<String> changes = changes(was.get(block), is.get(block));
      if (!changes.isEmpty()) {
        lines.add(block);
        lines.addAll(changes);
      }
    }
    return lines;
  }

  private static List<String> changes(
      @Nullable Map<String, String> was, @Nullable Map<String, String> is) {
    Map<String, String> old = was == null ? Map.of() : was;
    Map<String, String> now = is == null ? Map.of() : is;
    List<String> lines = new ArrayList<>();
    for (String key : either(old.keySet(), now.keySet())) {
      String from = old.get(key);
      String to = now.get(key);
      if (from != null && !from.equals(to)) {
        lines.add("- " + key + " = " + from);
      }
      if (to != null && !to.equals(from)) {
        lines.add("+ " + key + " = " + to);
      }
    }
    return lines;
  }

  private static Set<String> either(Set<String> one, Set<String> two) {
    Set<String> all = new LinkedHashSet<>(one);
    all.addAll(two);
    return all;
  }

  /** Values by key, by section; of a repeated one by each entry, which its first key names. */
  private static Map<String, Map<String, String>> blocks(String text) {
    Map<String, Map<String, String>> blocks = new LinkedHashMap<>();
    Map<String, String> block = new LinkedHashMap<>();
    String header = "";
    for (String line : text.lines().toList()) {
      int equals = line.indexOf(" = ");
      if (line.startsWith("[")) {
        header = line;
        block = new LinkedHashMap<>();
      } else if (equals > 0) {
        String value = line.substring(equals + 3);
        if (block.isEmpty()) {
          blocks.put(header.startsWith("[[") ? header + " " + value : header, block);
        }
        block.put(line.substring(0, equals), value);
      }
    }
    return blocks;
  }
}
