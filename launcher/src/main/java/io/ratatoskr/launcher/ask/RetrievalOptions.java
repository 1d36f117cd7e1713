package io.ratatoskr.launcher.ask;

import io.ratatoskr.allinone.EmbeddedRatatoskr;
import io.ratatoskr.client.RequestOptions;
import io.ratatoskr.launcher.command.Failure;
import io.ratatoskr.launcher.command.HomeFolder;
import io.ratatoskr.onnx.ModelStore;
import io.ratatoskr.retrieval.CorpusConfig;
import io.ratatoskr.retrieval.CorpusIndex;
import io.ratatoskr.retrieval.IndexKind;
import io.ratatoskr.retrieval.Judging;
import io.ratatoskr.retrieval.Policy;
import io.ratatoskr.retrieval.RetrievalConfig;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * The options that {@code retrieve} and {@code search} share: the corpus, the models, the policy.
 */
final class RetrievalOptions {
  @Option(
      names = "--corpus",
      required = true,
      paramLabel = "FILE",
      description = "Vectors that 'embed' wrote: .parquet or .jsonl.")
  private Path corpus = Path.of("");

  @Option(
      names = "--texts",
      required = true,
      paramLabel = "FILE",
      description = "The texts that were embedded: .jsonl, .txt or .csv, each also with .gz.")
  private Path texts = Path.of("");

  @Option(
      names = "--corpus-text-field",
      paramLabel = "NAME",
      defaultValue = "text",
      description = "Field of --texts with the text. Default: ${DEFAULT-VALUE}")
  private String textField = "";

  @Option(
      names = "--corpus-id-field",
      paramLabel = "NAME",
      defaultValue = "id",
      description = "Field of --texts with the id. Default: ${DEFAULT-VALUE}")
  private String idField = "";

  @Option(
      names = "--top",
      paramLabel = "N",
      defaultValue = "100",
      description = "Candidates: texts that are nearest to a query. Default: ${DEFAULT-VALUE}")
  private int top;

  @Option(
      names = "--nli-keep",
      paramLabel = "N",
      defaultValue = "10",
      description = "Hits: the best candidates after NLI. Default: ${DEFAULT-VALUE}")
  private int keep;

  @Option(
      names = "--judge",
      paramLabel = "QUERIES",
      defaultValue = "claims",
      description =
          "Queries that NLI judges. claims: those written as a statement, with a capital and a full"
              + " stop; others have the order of nearness. always: every one. never: none, and no"
              + " NLI model is needed. Default: ${DEFAULT-VALUE}")
  private Judging judging = Judging.CLAIMS;

  @Option(
      names = "--policy",
      paramLabel = "POLICY",
      defaultValue = "all",
      description =
          "What stays of the candidates of a judged query. all: every one, and NLI only ranks. "
              + "not-contradicted: a text stays unless it contradicts the query with at least the "
              + "threshold's probability. entailed: it stays if the query follows from it with "
              + "that. Default: ${DEFAULT-VALUE}")
  private String policy = "";

  @Option(
      names = "--threshold",
      paramLabel = "P",
      defaultValue = "0.5",
      description = "Probability for --policy, 0 to 1. Default: ${DEFAULT-VALUE}")
  private double threshold;

  @Option(
      names = "--nli-weight",
      paramLabel = "W",
      defaultValue = "0.2",
      description =
          "Score = (1 - W) * cosine + W * probability of entailment; W is 0 to 1. Default: "
              + "${DEFAULT-VALUE}")
  private double nliWeight;

  @Option(
      names = "--index",
      paramLabel = "KIND",
      defaultValue = "auto",
      description =
          "exact, hnsw (approximate, for large corpora) or auto: exact up to 100,000 texts. "
              + "Default: ${DEFAULT-VALUE}")
  private IndexKind index = IndexKind.AUTO;

  @Option(
      names = "--index-dir",
      paramLabel = "FOLDER",
      description =
          "Where the corpus' index stands; built once for the files' content. Default: "
              + "CORPUS.index, or a folder below ~/.cache/ratatoskr where that cannot be written.")
  private @Nullable Path indexFolder;

  @Option(
      names = "--model",
      paramLabel = "ID|PATH",
      description =
          "Model that embeds queries: an id, or a folder, named by a path with a /. Default: the "
              + "one that embedded the corpus")
  private @Nullable String model;

  @Option(
      names = "--nli-model",
      paramLabel = "ID|PATH",
      defaultValue = EmbeddedRatatoskr.NLI_MINILM_L6,
      description =
          "Model that judges texts: an id, or a folder, named by a path with a /. Default: "
              + "${DEFAULT-VALUE}, for demonstrations")
  private String nliModel = "";

  CorpusIndex openIndex(PrintWriter err) {
    CorpusIndex opened =
        CorpusIndex.open(
            CorpusConfig.of(corpus, texts)
                .withFields(textField, idField)
                .withFolder(folder())
                .withKind(index),
            line -> {
              err.println(line);
              err.flush();
            });
    if (opened.withoutText() > 0) {
      err.printf("%,d vectors have no text and are left out.%n", opened.withoutText());
    }
    if (opened.duplicates() > 0) {
      err.printf(
          "%,d vectors have the id of an earlier one and are left out.%n", opened.duplicates());
    }
    err.flush();
    return opened;
  }

  private Path folder() {
    if (indexFolder != null) {
      return indexFolder;
    }
    Path file = corpus.toAbsolutePath().normalize();
    Path beside = file.resolveSibling(file.getFileName() + ".index");
    Path writable = Files.exists(beside) ? beside : file.getParent();
    return writable != null && Files.isWritable(writable)
        ? beside
        : HomeFolder.resolve(".cache/ratatoskr/index", "--index-dir")
            .resolve(
                UUID.nameUUIDFromBytes(file.toString().getBytes(StandardCharsets.UTF_8))
                    .toString());
  }

  RetrievalConfig config(CorpusIndex opened, RequestOptions options) {
    return RetrievalConfig.of(ModelStore.id(embedModel(opened)), ModelStore.id(nliModel))
        .withJudging(judging)
        .withTop(top, keep)
        .withPolicy(policy(), threshold)
        .withNliWeight(nliWeight)
        .withOptions(options);
  }

  Judging judging() {
    return judging;
  }

  /**
   * The models that a pipeline in this process loads where those queries are judged: ids and
   * folders.
   */
  List<String> models(CorpusIndex opened, Judging asked) {
    return asked == Judging.NEVER
        ? List.of(embedModel(opened))
        : List.of(embedModel(opened), nliModel);
  }

  private String embedModel(CorpusIndex opened) {
    if (model != null) {
      return model;
    }
    return opened.model().isEmpty() ? EmbeddedRatatoskr.ALL_MINILM_L6_V2 : opened.model();
  }

  private Policy policy() {
    return switch (policy.toLowerCase(Locale.ROOT)) {
      case "all" -> Policy.ALL;
      case "not-contradicted" -> Policy.NOT_CONTRADICTED;
      case "entailed" -> Policy.ENTAILED;
      default ->
          throw new IllegalArgumentException(
              "--policy: all, not-contradicted or entailed, not '" + policy + "'");
    };
  }

  /** The properties that results depend on, by name: a resumed job must have the same. */
  Map<String, String> identity() {
    Map<String, String> identity = new LinkedHashMap<>();
    identity.put("corpus", stamp(corpus));
    identity.put("texts", stamp(texts));
    identity.put("corpus-text-field", textField);
    identity.put("corpus-id-field", idField);
    identity.put("index", index.name());
    identity.put("model", String.valueOf(model));
    identity.put("nli-model", nliModel);
    identity.put("judge", judging.name());
    identity.put("top", Integer.toString(top));
    identity.put("nli-keep", Integer.toString(keep));
    identity.put("policy", policy() + " " + threshold);
    identity.put("nli-weight", Double.toString(nliWeight));
    return identity;
  }

  private static String stamp(Path file) {
    try {
      return "%s, %d bytes of %s"
          .formatted(
              file.toAbsolutePath().normalize(), Files.size(file), Files.getLastModifiedTime(file));
    } catch (IOException e) {
      throw new IllegalArgumentException("cannot read " + file + ": " + Failure.describe(e), e);
    }
  }
}
