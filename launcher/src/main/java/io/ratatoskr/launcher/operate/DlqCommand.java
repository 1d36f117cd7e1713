package io.ratatoskr.launcher.operate;

import io.ratatoskr.allinone.Configuration;
import io.ratatoskr.client.Handle;
import io.ratatoskr.launcher.command.ExitCode;
import io.ratatoskr.launcher.command.KafkaOptions;
import io.ratatoskr.schemas.SchemaIds;
import io.ratatoskr.settings.Values;
import java.io.Console;
import java.io.PrintWriter;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows what could not be done, and has it tried again. */
@Command(
    name = "dlq",
    description = "Show requests that failed for good, and send them again.",
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true)
public final class DlqCommand implements Runnable {
  private static final String WHERE =
      "Only those of which this holds: FIELD=VALUE, FIELD~PART or since=24h; may be repeated."
          + " Fields: topic, code, tenant, lane, capability, model.";

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "name a command: list, show or replay");
  }

  /** What a command does with the dead letters of a pipeline. */
  private interface Work {
    int with(LetterBox box, TopicReader reader, Configuration configuration, SchemaIds ids)
        throws InterruptedException;
  }

  private int open(KafkaOptions kafka, Work work) throws InterruptedException {
    Values values = kafka.values();
    if (!KafkaOptions.named(values)) {
      throw misuse(KafkaOptions.MISSING);
    }
    Configuration configuration = Configuration.of(values);
    SchemaIds ids = SchemaIds.of(configuration.client().schemaRegistry());
    try (TopicReader reader =
        new TopicReader(configuration.client().bootstrap(), configuration.client().kafka())) {
      return work.with(new LetterBox(reader, ids), reader, configuration, ids);
    }
  }

  @Command(
      name = "list",
      description = {
        "Show requests that failed for good, and records that could not be read, the latest last.",
        "",
        "TRIED counts attempts. With --where=code=Http those with that error are shown.",
        ""
      },
      mixinStandardHelpOptions = true,
      sortOptions = false,
      usageHelpAutoWidth = true)
  int list(
      @Option(names = "--where", paramLabel = "TERM", description = WHERE)
          @Nullable List<String> where,
      @Option(
              names = "--limit",
              paramLabel = "N",
              defaultValue = "100",
              description = "Show at most so many, the latest. Default: ${DEFAULT-VALUE}")
          int limit,
      @Option(names = "--json", description = "Print a line of JSON for each.") boolean json,
      @Mixin KafkaOptions kafka)
      throws InterruptedException {
    LetterFilter filter = filter(where);
    checkLimit(limit);
    return open(
        kafka,
        (box, reader, configuration, ids) -> {
          LetterBox.Found found = box.find(filter, true, limit);
          if (json) {
            found.letters().forEach(letter -> out().println(LetterText.json(letter)));
          } else if (found.letters().isEmpty()) {
            out().println("No dead letters.");
          } else {
            out().print(LetterText.table(found.letters()));
          }
          out().flush();
          note(found);
          return ExitCode.WHOLE;
        });
  }

  @Command(
      name = "show",
      description = "Show all that is known of a dead letter: each attempt, and the headers.",
      mixinStandardHelpOptions = true,
      sortOptions = false,
      usageHelpAutoWidth = true)
  int show(
      @Parameters(paramLabel = "ID", description = "The letter's ID, as 'dlq list' shows it.")
          String id,
      @Option(names = "--json", description = "Print it as JSON.") boolean json,
      @Mixin KafkaOptions kafka)
      throws InterruptedException {
    Letter.Id wanted = id(id);
    return open(
        kafka,
        (box, reader, configuration, ids) -> {
          Letter letter = find(box, wanted);
          out().print(json ? LetterText.json(letter) + "\n" : LetterText.full(letter));
          out().flush();
          return ExitCode.WHOLE;
        });
  }

  @Command(
      name = "replay",
      description = {
        "Send the requests of dead letters again, each to the topic where it stood.",
        "",
        "Each is a new request with the headers of the old one: the reply goes to its inbox, and"
            + " its timeout begins anew. It has a new id, since the old one has its answer: the"
            + " error. What is printed beside a letter is the ID for 'result'. A letter is sent"
            + " again once, unless it is named with --again.",
        ""
      },
      mixinStandardHelpOptions = true,
      sortOptions = false,
      usageHelpAutoWidth = true)
  int replay(
      @Parameters(
              arity = "0..*",
              paramLabel = "ID",
              description = "The letters' IDs, as 'dlq list' shows them.")
          @Nullable List<String> ids,
      @Option(names = "--where", paramLabel = "TERM", description = WHERE)
          @Nullable List<String> where,
      @Option(
              names = "--limit",
              paramLabel = "N",
              defaultValue = "1000",
              description = "With --where at most so many, the latest. Default: ${DEFAULT-VALUE}")
          int limit,
      @Option(names = "--again", description = "Also those that were sent again before.")
          boolean again,
      @Option(
              names = {"-y", "--yes"},
              description = "Do not ask.")
          boolean yes,
      @Mixin KafkaOptions kafka)
      throws InterruptedException {
    List<Letter.Id> named = ids == null ? List.of() : ids.stream().map(this::id).toList();
    if (named.isEmpty() == (where == null)) {
      throw misuse("name letters by ID, or by --where");
    }
    LetterFilter filter = filter(where);
    checkLimit(limit);
    return open(
        kafka,
        (box, reader, configuration, schemas) -> {
          List<Letter> letters = new ArrayList<>();
          if (named.isEmpty()) {
            LetterBox.Found found = box.find(filter, again, limit);
            note(found);
            letters.addAll(found.letters());
          } else {
            for (Letter.Id id : named) {
              letters.add(unsent(find(box, id), again));
            }
          }
          if (letters.isEmpty()) {
            out().println("No dead letters.");
            out().flush();
            return ExitCode.WHOLE;
          }
          if (!yes && !agreed(letters.size())) {
            err().println("dlq replay: nothing was sent");
            return ExitCode.FAILED;
          }
          try (Resender resender =
              new Resender(
                  configuration.client().bootstrap(),
                  configuration.client().kafka(),
                  reader,
                  schemas,
                  lane -> configuration.router().lane(lane).defaultTimeout(),
                  Clock.systemUTC(),
                  RandomGenerator.getDefault())) {
            return send(letters, resender);
          }
        });
  }

  private int send(List<Letter> letters, Resender resender) throws InterruptedException {
    int failed = 0;
    for (Letter letter : letters) {
      try {
        Handle handle = resender.send(letter);
        out().printf("%s  %s%n", letter.id(), handle);
      } catch (Resender.UnsendableException | TopicReader.MissingTopicException e) {
        failed++;
        err().printf("dlq replay: %s %s%n", letter.id(), e.getMessage());
      }
    }
    out().flush();
    err().printf("%d of %d sent again.%n", letters.size() - failed, letters.size());
    err().flush();
    return failed == 0 ? ExitCode.WHOLE : ExitCode.FAILED;
  }

  /** Whether somebody at the terminal agrees; without one nobody can. */
  private boolean agreed(int letters) {
    Console console = terminal();
    if (console == null) {
      throw misuse("nobody can be asked here; say --yes");
    }
    err().printf("Send %d requests again? [y/N] ", letters);
    err().flush();
    String answer = console.readLine();
    return answer != null && answer.strip().matches("(?i)y(es)?");
  }

  /** The terminal, if there is one; Java 25 gives no console where its input is no terminal. */
  @SuppressWarnings("SystemConsoleNull")
  private static @Nullable Console terminal() {
    Console console = System.console();
    return console == null || !console.isTerminal() ? null : console;
  }

  private Letter find(LetterBox box, Letter.Id id) {
    Optional<Letter> letter = box.at(id);
    return letter.orElseThrow(() ->
        new IllegalArgumentException(
            "there is no dead letter " + id + "; `dlq list` shows those that are kept"));
  }

  private static Letter unsent(Letter letter, boolean again) {
    if (letter.replayedAs() != null && !again) {
      throw new IllegalArgumentException(
          "%s was sent again before, as %s; --again sends it once more"
              .formatted(letter.id(), letter.replayedAs()));
    }
    return letter;
  }

  private void note(LetterBox.Found found) {
    if (found.more() > 0) {
      err().printf("%d older ones are not among them; see --limit.%n", found.more());
    }
    if (found.unreadable() > 0) {
      err().printf("%d records are of no known kind.%n", found.unreadable());
    }
    err().flush();
  }

  private LetterFilter filter(@Nullable List<String> where) {
    try {
      return LetterFilter.parse(where == null ? List.of() : where, Clock.systemUTC());
    } catch (IllegalArgumentException e) {
      throw misuse(String.valueOf(e.getMessage()));
    }
  }

  private Letter.Id id(String text) {
    try {
      return Letter.Id.parse(text);
    } catch (IllegalArgumentException e) {
      throw misuse(String.valueOf(e.getMessage()));
    }
  }

  private void checkLimit(int limit) {
    if (limit < 1 || limit > 100_000) {
      throw misuse("--limit: 1 to 100000, not " + limit);
    }
  }

  private ParameterException misuse(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }

  private PrintWriter err() {
    return spec.commandLine().getErr();
  }
}
