package io.ratatoskr.policy.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The golden file of prompts: what a person says that each is, what the classifier says, how sure
 * it is and why. Labels were written before the classifier and do not follow it. The built-in
 * phrases were chosen with the prompts of the set {@code tuned} in view; those of {@code fresh}
 * show what they are worth on others. {@code -Dgolden.write=true} writes the classifier's columns
 * anew.
 */
class PromptsTest {
  private static final Path FILE =
      Path.of("src/test/resources/io/ratatoskr/policy/task/prompts.tsv");

  private final TaskClassifier classifier = new TaskClassifier(TaskClasses.standard());

  private record Row(
      String set,
      String kind,
      String label,
      String taskClass,
      String confidence,
      String prompt,
      String reason) {

    static Row read(String line) {
      String[] columns = line.split("\t", -1);
      return new Row(
          columns[0], columns[1], columns[2], columns[3], columns[4], columns[5], columns[6]);
    }

    Row judged(TaskClassifier classifier) {
      Classification found = classifier.classify(prompt.translateEscapes());
      return new Row(
          set,
          kind,
          label,
          found.taskClass().className(),
          String.format(Locale.ROOT, "%.2f", found.confidence()),
          prompt,
          found.reason());
    }

    boolean isRight() {
      return label.equals(taskClass);
    }

    @Override
    public String toString() {
      return String.join("\t", set, kind, label, taskClass, confidence, prompt, reason);
    }
  }

  private static List<String> lines() throws IOException {
    return Files.readAllLines(FILE);
  }

  private static List<Row> rows() throws IOException {
    return lines().stream().skip(2).map(Row::read).toList();
  }

  @Test
  void eachPromptIsJudgedAsTheFileSays() throws IOException {
    List<Row> judged = rows().stream().map(row -> row.judged(classifier)).toList();
    if (Boolean.getBoolean("golden.write")) {
      List<String> file = new ArrayList<>(lines().subList(0, 2));
      judged.forEach(row -> file.add(row.toString()));
      Files.write(FILE, file);
    }

    assertThat(judged).isEqualTo(rows());
  }

  @Test
  void aThirdOfThePromptsAreTraps() throws IOException {
    assertThat(rows()).hasSizeGreaterThanOrEqualTo(200);
    assertThat(of("trap")).hasSizeGreaterThanOrEqualTo(rows().size() / 3);
    assertThat(Stream.of(TaskClass.values()).map(TaskClass::className))
        .allSatisfy(name -> assertThat(rows()).extracting(Row::label).contains(name));
  }

  private static List<Row> of(String kind) throws IOException {
    return rows().stream().filter(row -> row.kind().equals(kind)).toList();
  }

  @Test
  void nearlyAllAreJudgedAsAPersonDoes() throws IOException {
    assertThat(wrong("tuned")).isEmpty();
    assertThat(wrong("fresh")).hasSizeLessThanOrEqualTo(3);
  }

  private static List<Row> wrong(String set) throws IOException {
    return rows().stream().filter(row -> row.set().equals(set) && !row.isRight()).toList();
  }
}
