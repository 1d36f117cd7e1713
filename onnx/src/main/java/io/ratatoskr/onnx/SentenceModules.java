package io.ratatoskr.onnx;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * Reads in the files of sentence-transformers how the vector of a text is made of token vectors. A
 * graph that pools by itself has all of it inside, so what cannot be computed here is refused only
 * where the graph does not pool.
 *
 * @param pooling how token vectors become one, where that is said
 * @param own whether the model's own settings say it
 * @param dense folders of layers behind the pooling, inside the model's folder, in order
 * @param normalise whether vectors are scaled to length 1
 * @param refusal why it cannot be computed here, where it cannot
 */
record SentenceModules(
    Optional<Pooling> pooling,
    boolean own,
    List<String> dense,
    boolean normalise,
    Optional<String> refusal) {
  static final String SENTENCE = "sentence_embedding";
  static final String EXPORT = "Export a graph that does it and gives " + SENTENCE;

  private static final String FILE = "modules.json";

  /** Pooling by one mode, and vectors of length 1. */
  static SentenceModules of(Pooling.Mode mode) {
    return new SentenceModules(
        Optional.of(Pooling.of(mode)), false, List.of(), true, Optional.empty());
  }

  /**
   * Reads {@code modules.json} and what it names; a folder without one has at most {@code
   * 1_Pooling}, and its vectors are scaled.
   *
   * @param own what the model's own settings say instead of the folder's
   * @param prompts whether anything is put before texts
   */
  static SentenceModules read(FolderFiles files, Optional<Pooling> own, boolean prompts) {
    JsonNode modules = files.json(FILE);
    Reading reading = new Reading(files, own, prompts);
    if (modules.isMissingNode()) {
      reading.pooling("1_Pooling");
      if (!files.json(FolderFiles.config("2_Dense")).isMissingNode()) {
        reading.refuse(
            "there is a 2_Dense and no %s that says how it is used; copy it from the model's repository"
                .formatted(FILE));
      }
      return reading.result(true);
    }
    boolean normalise = false;
    for (JsonNode module : modules) {
      String type = module.path("type").asString("");
      String path = module.path("path").asString("");
      switch (type.substring(type.lastIndexOf('.') + 1)) {
        case "Transformer", "Dropout" -> {}
        case "Pooling" -> {
          reading.before(type, normalise || !reading.dense.isEmpty());
          reading.pooling(path.isEmpty() ? "1_Pooling" : path);
        }
        case "Dense" -> {
          reading.before(type, normalise);
          reading.dense.add(path);
        }
        case "Normalize" -> {
          JsonNode config = files.json(FolderFiles.config(path));
          if (!config.path("module_input_name").asString(SENTENCE).equals(SENTENCE)) {
            reading.refuse("%s normalises the vector of each token. %s".formatted(path, EXPORT));
          }
          normalise = true;
        }
        default ->
            reading.refuse(
                "%s asks for %s, which cannot be computed here. %s".formatted(FILE, type, EXPORT));
      }
    }
    return reading.result(normalise);
  }

  /**
   * The head of a graph that gives a vector for each token.
   *
   * @param width numbers that it gives for a token
   * @throws ModelLoadException when the files do not say how they become one, or not in a way that
   *     can be computed here
   */
  Head head(FolderFiles files, int width, boolean normalise) {
    if (refusal.isPresent()) {
      throw files.settings(refusal.get());
    }
    Pooling how =
        pooling.orElseThrow(() ->
            files.settings(
                "it gives a vector for each token, and nothing says how they become one: needed is"
                    + " 1_Pooling/config.json, or pooling = \"mean\", \"cls\" or another of %s in %s"
                        .formatted(Pooling.Mode.keys(), OwnSettings.FILE)));
    try {
      return new Head(
          how, width, dense.stream().map(name -> Dense.read(files, name)).toList(), normalise);
    } catch (IllegalArgumentException e) {
      throw files.settings(String.valueOf(e.getMessage()));
    }
  }

  /** The first reason to refuse, and what else was read. */
  private static final class Reading {
    private final FolderFiles files;
    private final Optional<Pooling> own;
    private final boolean prompts;
    private Optional<Pooling> pooling;
    private final List<String> dense = new ArrayList<>();
    private Optional<String> refusal = Optional.empty();

    Reading(FolderFiles files, Optional<Pooling> own, boolean prompts) {
      this.files = files;
      this.own = own;
      this.prompts = prompts;
      this.pooling = own;
    }

    void refuse(String why) {
      refusal = refusal.or(() -> Optional.of(why));
    }

    void before(String type, boolean late) {
      if (late) {
        refuse(
            "%s asks for %s behind a module that can be computed here as a later one only. %s"
                .formatted(FILE, type, EXPORT));
      }
    }

    void pooling(String path) {
      String name = FolderFiles.config(path);
      JsonNode config = files.json(name);
      if (own.isPresent() || config.isMissingNode()) {
        return;
      }
      List<Pooling.Mode> modes = new ArrayList<>();
      JsonNode named = config.path("pooling_mode");
      for (JsonNode one : named.isArray() ? named : List.of(named)) {
        if (!one.isMissingNode()) {
          Pooling.Mode.of(one.asString(""))
              .ifPresentOrElse(
                  modes::add,
                  () ->
                      refuse(
                          "%s asks for the pooling_mode %s; there are %s. Or give pooling in %s"
                              .formatted(name, one, Pooling.Mode.keys(), OwnSettings.FILE)));
        }
      }
      if (named.isMissingNode()) {
        flags(config, modes);
      }
      if (!config.path("include_prompt").asBoolean(true) && prompts) {
        refuse(
            "%s leaves the prompt out of the pooling (include_prompt), and there are prompts. %s"
                .formatted(name, EXPORT));
      }
      try {
        pooling = Optional.of(new Pooling.Tokens(modes));
      } catch (IllegalArgumentException e) {
        refuse("%s: %s".formatted(name, e.getMessage()));
      }
    }

    /** Of versions before 6: a flag for each mode, and the mean where none is set. */
    private static void flags(JsonNode config, List<Pooling.Mode> modes) {
      for (Pooling.Mode mode : Pooling.Mode.values()) {
        if (config.path(mode.flag()).asBoolean(false)) {
          modes.add(mode);
        }
      }
      if (modes.isEmpty()) {
        modes.add(Pooling.Mode.MEAN);
      }
    }

    SentenceModules result(boolean normalise) {
      return new SentenceModules(pooling, own.isPresent(), List.copyOf(dense), normalise, refusal);
    }
  }
}
