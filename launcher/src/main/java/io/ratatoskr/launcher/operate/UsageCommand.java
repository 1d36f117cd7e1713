package io.ratatoskr.launcher.operate;

import io.ratatoskr.allinone.Configuration;
import io.ratatoskr.launcher.command.ExitCode;
import io.ratatoskr.launcher.command.KafkaOptions;
import io.ratatoskr.schemas.Codec;
import io.ratatoskr.schemas.SchemaIds;
import io.ratatoskr.schemas.Topics;
import io.ratatoskr.schemas.UndecodableRecordException;
import io.ratatoskr.schemas.wire.UsageRecord;
import io.ratatoskr.settings.Values;
import java.io.PrintWriter;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Sums up what was used. */
@Command(
    name = "usage",
    description = {
      "Sum up what requests took: how many, tokens, cost, time.",
      "",
      "Requests that one inference answered share its tokens and cost; those from the cache have"
          + " none. SECONDS are those of workers. USD are known of models with a price in the"
          + " configuration of their provider.",
      ""
    },
    mixinStandardHelpOptions = true,
    sortOptions = false,
    usageHelpAutoWidth = true)
public final class UsageCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--by",
      paramLabel = "FIELD",
      split = ",",
      defaultValue = "tenant,model",
      description =
          "What to sum up by: tenant, model, provider, pool, location, lane, capability, domain,"
              + " outcome, hour or day. Default: ${DEFAULT-VALUE}")
  private List<String> by = List.of();

  @Option(
      names = "--since",
      paramLabel = "TIME",
      defaultValue = "24h",
      description =
          "From so long ago on, or from a moment as 2026-11-28T12:00:00Z. Default:"
              + " ${DEFAULT-VALUE}")
  private String since = "";

  @Option(names = "--json", description = "Print a line of JSON for each sum.")
  private boolean json;

  @Mixin private KafkaOptions kafka = new KafkaOptions();

  @Override
  public Integer call() {
    UsageReport report;
    Instant from;
    try {
      report = new UsageReport(by.stream().map(UsageReport.Field::named).toList());
      from = LetterFilter.since("--since", since, Clock.systemUTC());
    } catch (IllegalArgumentException e) {
      throw misuse(String.valueOf(e.getMessage()));
    }
    Values values = kafka.values();
    if (!KafkaOptions.named(values)) {
      throw misuse(KafkaOptions.MISSING);
    }
    Configuration configuration = Configuration.of(values);
    long unreadable = read(report, from, configuration);
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      report.json().forEach(out::println);
    } else {
      out.print(report.isEmpty() ? "Nothing was used.\n" : report.table());
    }
    out.flush();
    if (unreadable > 0) {
      spec.commandLine().getErr().printf("%d records are of no known kind.%n", unreadable);
      spec.commandLine().getErr().flush();
    }
    return ExitCode.WHOLE;
  }

  private static long read(UsageReport report, Instant from, Configuration configuration) {
    Codec<UsageRecord> codec =
        Codec.of(UsageRecord.class, SchemaIds.of(configuration.client().schemaRegistry()));
    long[] unreadable = {0};
    try (TopicReader reader =
        new TopicReader(configuration.client().bootstrap(), configuration.client().kafka())) {
      reader.read(
          Topics.usage(),
          from,
          record -> {
            try {
              report.add(
                  codec.decode(record.value(), record.headers()),
                  Instant.ofEpochMilli(record.timestamp()));
            } catch (UndecodableRecordException e) {
              unreadable[0]++;
            }
          });
    }
    return unreadable[0];
  }

  private ParameterException misuse(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
