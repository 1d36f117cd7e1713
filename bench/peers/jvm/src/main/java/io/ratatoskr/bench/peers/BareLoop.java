package io.ratatoskr.bench.peers;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.io.ByteArrayInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;

/**
 * The floor: ONNX Runtime in a loop and nothing around it. Texts are tokenised, sorted by length
 * and cut into batches of so many tokens, which a few threads take in turn; mean pooling and
 * normalising, or softmax, included. With a budget of 1 and one caller, pair by pair. One JVM tries
 * one setting: {@code BareLoop MODEL TEXTS.jsonl COUNT CALLERS THREADS BUDGET OPTIONS}, where MODEL
 * is an embedding model on the class path or the folder of a pair model, THREADS of 0 leaves the
 * choice to the runtime, and OPTIONS is a comma-separated list of {@code key=value} session
 * entries, {@code opt=basic|extended|all}, {@code pattern=off}, {@code arena=off}; or {@code -}.
 */
final class BareLoop implements AutoCloseable {
  private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
  private final OrtSession session;
  private final HuggingFaceTokenizer tokenizer;
  private final ExecutorService callers;
  private final int budget;

  private BareLoop(String model, int callers, int threads, int budget, String options)
      throws IOException, OrtException {
    try (OrtSession.SessionOptions settings = settings(threads, options)) {
      session = environment.createSession(file(model, "model.onnx", ".onnx"), settings);
    }
    try (InputStream file =
        new ByteArrayInputStream(file(model, "tokenizer.json", "-tokenizer.json"))) {
      tokenizer =
          HuggingFaceTokenizer.newInstance(file, Map.of("truncation", "false", "padding", "false"));
    }
    this.callers = Executors.newFixedThreadPool(callers);
    this.budget = budget;
  }

  private static byte[] file(String model, String inFolder, String suffix) throws IOException {
    return model.contains("/")
        ? Files.readAllBytes(Path.of(model, inFolder))
        : resource("/" + model + suffix);
  }

  private static byte[] resource(String name) throws IOException {
    try (InputStream file = BareLoop.class.getResourceAsStream(name)) {
      if (file == null) {
        throw new FileNotFoundException(name);
      }
      return file.readAllBytes();
    }
  }

  private static OrtSession.SessionOptions settings(int threads, String options)
      throws OrtException {
    OrtSession.SessionOptions settings = new OrtSession.SessionOptions();
    if (threads > 0) {
      settings.setIntraOpNumThreads(threads);
    }
    settings.setInterOpNumThreads(1);
    for (String option : options.equals("-") ? new String[0] : options.split(",")) {
      switch (option) {
        case "opt=basic" ->
            settings.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.BASIC_OPT);
        case "opt=extended" ->
            settings.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.EXTENDED_OPT);
        case "opt=all" -> settings.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.ALL_OPT);
        case "pattern=off" -> settings.setMemoryPatternOptimization(false);
        case "arena=off" -> settings.setCPUArenaAllocator(false);
        default -> {
          String[] entry = option.split("=", 2);
          settings.addConfigEntry(entry[0], entry[1]);
        }
      }
    }
    return settings;
  }

  public static void main(String[] args) throws IOException, OrtException {
    long start = System.nanoTime();
    List<String[]> texts = Texts.readEach(Path.of(args[1]), Integer.parseInt(args[2]));
    int callers = Integer.parseInt(args[3]);
    int threads = Integer.parseInt(args[4]);
    int budget = Integer.parseInt(args[5]);
    try (BareLoop loop = new BareLoop(args[0], callers, threads, budget, args[6])) {
      loop.embed(texts.subList(0, Math.min(256, texts.size())));
      Texts.say(
          Map.of(
              "peer",
              "bare loop",
              "versions",
              Map.of("onnxruntime", Texts.version(OrtEnvironment.class, "onnxruntime")),
              "settings",
              Map.of("callers", callers, "threads", threads, "budget", budget, "options", args[6]),
              "loadSeconds",
              (System.nanoTime() - start) / 1e9));
      Texts.serve(texts, loop::embed);
    }
  }

  private Encoding encode(String[] text) {
    return text.length == 1 ? tokenizer.encode(text[0]) : tokenizer.encode(text[0], text[1]);
  }

  private List<float[]> embed(List<String[]> texts) {
    List<Encoding> tokens =
        IntStream.range(0, texts.size())
            .mapToObj(i -> CompletableFuture.supplyAsync(() -> encode(texts.get(i)), callers))
            .toList()
            .stream()
            .map(CompletableFuture::join)
            .toList();
    float[][] vectors = new float[texts.size()][];
    List<CompletableFuture<Void>> running = new ArrayList<>();
    for (List<Integer> batch : batches(tokens)) {
      running.add(CompletableFuture.runAsync(() -> run(batch, tokens, vectors), callers));
    }
    running.forEach(CompletableFuture::join);
    return List.of(vectors);
  }

  private List<List<Integer>> batches(List<Encoding> tokens) {
    List<Integer> longestFirst =
        IntStream.range(0, tokens.size())
            .boxed()
            .sorted((a, b) -> tokens.get(b).getIds().length - tokens.get(a).getIds().length)
            .toList();
    List<List<Integer>> batches = new ArrayList<>();
    for (int at = 0; at < longestFirst.size(); ) {
      int rows = Math.max(1, budget / tokens.get(longestFirst.get(at)).getIds().length);
      int end = Math.min(longestFirst.size(), at + rows);
      batches.add(longestFirst.subList(at, end));
      at = end;
    }
    return batches;
  }

  private void run(List<Integer> batch, List<Encoding> tokens, float[][] vectors) {
    int padded = tokens.get(batch.getFirst()).getIds().length;
    LongBuffer ids = LongBuffer.allocate(batch.size() * padded);
    LongBuffer mask = LongBuffer.allocate(ids.capacity());
    LongBuffer typeIds = LongBuffer.allocate(ids.capacity());
    for (int row = 0; row < batch.size(); row++) {
      long[] text = tokens.get(batch.get(row)).getIds();
      ids.position(row * padded).put(text);
      typeIds.position(row * padded).put(tokens.get(batch.get(row)).getTypeIds());
      mask.position(row * padded);
      for (int i = 0; i < text.length; i++) {
        mask.put(1);
      }
    }
    long[] shape = {batch.size(), padded};
    try (OnnxTensor idTensor = OnnxTensor.createTensor(environment, ids.rewind(), shape);
        OnnxTensor maskTensor = OnnxTensor.createTensor(environment, mask.rewind(), shape);
        OnnxTensor types = OnnxTensor.createTensor(environment, typeIds.rewind(), shape);
        OrtSession.Result result =
            session.run(
                Map.of(
                    "input_ids",
                    idTensor,
                    "attention_mask",
                    maskTensor,
                    "token_type_ids",
                    types))) {
      OnnxTensor output = (OnnxTensor) result.get(0);
      FloatBuffer hidden = output.getFloatBuffer();
      long[] outputShape = output.getInfo().getShape();
      if (outputShape.length == 2) {
        for (int row = 0; row < batch.size(); row++) {
          vectors[batch.get(row)] = softmax(hidden, row, (int) outputShape[1]);
        }
        return;
      }
      int dimensions = (int) outputShape[2];
      for (int row = 0; row < batch.size(); row++) {
        int length = tokens.get(batch.get(row)).getIds().length;
        vectors[batch.get(row)] = pool(hidden, row * padded * dimensions, length, dimensions);
      }
    } catch (OrtException e) {
      throw new CompletionException(e);
    }
  }

  private static float[] softmax(FloatBuffer logits, int row, int classes) {
    float[] powers = new float[classes];
    float sum = 0;
    for (int i = 0; i < classes; i++) {
      powers[i] = (float) Math.exp(logits.get(row * classes + i));
      sum += powers[i];
    }
    for (int i = 0; i < classes; i++) {
      powers[i] /= sum;
    }
    return powers;
  }

  private static float[] pool(FloatBuffer hidden, int from, int length, int dimensions) {
    float[] vector = new float[dimensions];
    for (int token = 0; token < length; token++) {
      for (int i = 0; i < dimensions; i++) {
        vector[i] += hidden.get(from + token * dimensions + i);
      }
    }
    double square = 0;
    for (float element : vector) {
      square += (double) element * element;
    }
    for (int i = 0; i < dimensions; i++) {
      vector[i] /= (float) Math.sqrt(square);
    }
    return vector;
  }

  @Override
  public void close() throws OrtException {
    callers.shutdown();
    session.close();
    tokenizer.close();
  }
}
