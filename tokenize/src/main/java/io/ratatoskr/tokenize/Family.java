package io.ratatoskr.tokenize;

import com.knuddels.jtokkit.api.EncodingType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Chat models by what their names begin with.
 *
 * @param encoding of OpenAI's, which counts for them
 * @param note null where it is their own; else why it stands in, and how far off it is
 *     (docs/tokens.md has the measurements)
 * @param names in lower case
 */
record Family(EncodingType encoding, @Nullable String note, List<String> names) {
  static final List<Family> ALL =
      List.of(
          new Family(
              EncodingType.O200K_BASE,
              null,
              List.of(
                  "gpt-4o",
                  "gpt-4.1",
                  "gpt-4.5",
                  "gpt-5",
                  "gpt-oss",
                  "chatgpt-4o",
                  "o1",
                  "o3",
                  "o4")),
          new Family(
              EncodingType.CL100K_BASE,
              null,
              List.of("gpt-4", "gpt-3.5", "gpt-35", "text-embedding-3", "text-embedding-ada-002")),
          new Family(EncodingType.R50K_BASE, null, List.of("gpt-2", "gpt2")),
          new Family(
              EncodingType.CL100K_BASE,
              "no tokenizer of Claude 3 or newer is public; counts are too low: others report 16%"
                  + " (English) to 30% (code) more tokens than OpenAI's",
              List.of("claude")),
          new Family(
              EncodingType.O200K_BASE,
              "Llama's tokenizer is not ours to distribute; measured, Llama 3 has 5% fewer to 11%"
                  + " more tokens (English: equal; Hindi: 86% more), Llama 4 between 19% fewer and"
                  + " 8% more",
              List.of("llama", "meta-llama")),
          new Family(
              EncodingType.CL100K_BASE,
              "Mistral's tokenizers are not shipped; measured, that of the first models has 2% to"
                  + " 32% more tokens (English: 17%); the newer ones were not measured",
              List.of(
                  "mistral", "mixtral", "codestral", "llama-2", "llama2", "meta-llama/llama-2")),
          new Family(
              EncodingType.O200K_BASE,
              "Gemini's tokenizer is not public and Gemma's not ours to distribute; not measured",
              List.of("gemini", "gemma")));

  void registerWith(Tokenizers tokenizers) {
    for (String name : names) {
      if (note == null) {
        tokenizers.alias(name, encoding.getName());
      } else {
        tokenizers.approximate(name, encoding.getName(), note);
      }
    }
  }
}
