package io.ratatoskr.bench;

import io.ratatoskr.onnx.Embedder;
import io.ratatoskr.onnx.InferenceConfig;
import io.ratatoskr.onnx.ModelCache;
import io.ratatoskr.onnx.ModelFiles;
import io.ratatoskr.onnx.Tokenised;
import io.ratatoskr.schemas.InputType;
import io.ratatoskr.schemas.Truncation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

@Command(
    name = "corpus",
    description = "Cuts the corpus from Debian's documentation packages, by tokens of the model.")
final class CorpusCommand implements Callable<Integer> {
  @Override
  public Integer call() throws IOException, InterruptedException, NoSuchAlgorithmException {
    Path all = Home.bench("target/corpus/all.jsonl");
    Process cut =
        new ProcessBuilder("python3", Home.bench("corpus/make.py").toString(), all.toString())
            .inheritIO()
            .start();
    if (cut.waitFor() != 0) {
      return 1;
    }
    List<String> lines = Corpus.lines(all, Integer.MAX_VALUE);
    int[] tokens = tokens(lines);
    Report report =
        new Report(
            "The corpus",
            "corpus",
            "file",
            "texts",
            "tokens: mean",
            "median",
            "90 % up to",
            "longest",
            "SHA-256");
    for (int limit : new int[] {128, 256}) {
      Path file = Home.bench(limit == 128 ? Corpus.UP_TO_128 : Corpus.UP_TO_256);
      List<String> kept = new ArrayList<>();
      List<Double> lengths = new ArrayList<>();
      for (int i = 0; i < tokens.length; i++) {
        if (tokens[i] <= limit) {
          kept.add(lines.get(i));
          lengths.add((double) tokens[i]);
        }
      }
      Files.write(file, kept);
      double[] values = lengths.stream().mapToDouble(Double::doubleValue).toArray();
      Samples samples = new Samples(values);
      report.row(
          file.getFileName(),
          kept.size(),
          Report.number(java.util.Arrays.stream(values).average().orElseThrow()),
          Report.number(samples.median()),
          Report.number(samples.quantile(0.9)),
          Report.number(samples.quantile(1)),
          sha256(file));
    }
    report.print();
    return 0;
  }

  private static int[] tokens(List<String> lines) {
    ModelFiles files = ModelFiles.builtIn("all-minilm-l6-v2", ModelCache.standard());
    try (Embedder embedder = Embedder.load(files, InferenceConfig.defaults())) {
      Tokenised tokenised =
          embedder.prepare(
              lines.stream().map(Corpus::text).toList(), InputType.DOCUMENT, Truncation.ERROR);
      int[] tokens = new int[tokenised.size()];
      java.util.Arrays.setAll(tokens, tokenised::tokens);
      return tokens;
    }
  }

  private static String sha256(Path file) throws IOException, NoSuchAlgorithmException {
    byte[] digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
    return HexFormat.of().formatHex(digest).substring(0, 16);
  }
}
