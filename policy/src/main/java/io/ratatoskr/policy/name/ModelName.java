package io.ratatoskr.policy.name;

import io.ratatoskr.schemas.InferenceError;
import java.util.List;
import java.util.Optional;

/**
 * The name by which a request asks for a model. What it stands for is found by a table that is read
 * from above, the first row that fits:
 *
 * <ol>
 *   <li>{@code ratatoskr:TIER/SLOT} is a preset.
 *   <li>{@code auto} is the choice of the policy.
 *   <li>An id that a worker names is that model.
 *   <li>An alias is what it stands for, by this table again.
 *   <li>{@code POOL/MODEL} is that model at the pool.
 *   <li>{@code sentence-transformers/MODEL} is the local model of that name, whatever its case.
 *   <li>{@code MAKER/MODEL} is that model at the maker's pools.
 *   <li>{@code HOST.TLD/...:TAG} is a model of Ollama's, from another registry.
 *   <li>Any other {@code MAKER/MODEL} is OpenRouter's.
 *   <li>{@code claude-*}, {@code gpt-*}, {@code o1}, {@code o1-*}, ... and {@code gemini-*} are
 *       their makers', or else OpenRouter's.
 *   <li>{@code NAME:TAG} is Ollama's.
 *   <li>Any other name is a model at whoever takes it.
 * </ol>
 *
 * <p>A row about pools is skipped where there are none of that kind.
 *
 * @param text not blank
 */
public record ModelName(String text) {
  /** The name that leaves the choice to the policy. */
  public static final String AUTO = "auto";

  /** The beginning of the name of a preset. */
  public static final String PRESET = "ratatoskr:";

  private static final String SENTENCE_TRANSFORMERS = "sentence-transformers/";

  public ModelName {
    text = text.strip();
    if (text.isEmpty()) {
      throw new IllegalArgumentException("the name of a model is blank");
    }
  }

  /** Whether no model and no alias can have that name. */
  static boolean isReserved(String text) {
    return text.equals(AUTO) || text.startsWith(PRESET);
  }

  /**
   * What this name stands for.
   *
   * @param servers the pools that there are now, and their models
   */
  public ModelTarget resolve(ModelAliases aliases, ModelServers servers) {
    return resolve(aliases, servers, "");
  }

  private ModelTarget resolve(ModelAliases aliases, ModelServers servers, String because) {
    if (text.startsWith(PRESET)) {
      return preset(because);
    }
    if (text.equals(AUTO)) {
      return new ModelTarget.Auto(because + "'auto' leaves the choice to the policy");
    }
    if (servers.serves(text)) {
      return new ModelTarget.Exact(text, because + "a worker names '" + text + "'");
    }
    Optional<String> target = aliases.target(this);
    if (target.isPresent()) {
      return new ModelName(target.get())
          .resolve(
              aliases, servers, because + "alias '%s' is '%s'; ".formatted(text, target.get()));
    }
    int slash = text.indexOf('/');
    return slash > 0 && slash < text.length() - 1
        ? withPrefix(text.substring(0, slash), text.substring(slash + 1), servers, because)
        : plain(servers, because);
  }

  private ModelTarget preset(String because) {
    String[] parts = text.substring(PRESET.length()).split("/", -1);
    if (parts.length != 2 || parts[0].isBlank() || parts[1].isBlank()) {
      return new ModelTarget.Nothing(
          InferenceError.presetNotFound(
              parts[0],
              parts.length > 1 ? parts[1] : "",
              "'%s' is no preset: write %sTIER/SLOT, such as %sfree/coding"
                  .formatted(text, PRESET, PRESET)));
    }
    return new ModelTarget.AtPreset(
        parts[0], parts[1], because + "'%s' begins the name of a preset".formatted(PRESET));
  }

  private ModelTarget withPrefix(
      String prefix, String model, ModelServers servers, String because) {
    if (servers.hasPool(prefix)) {
      return new ModelTarget.AtPools(
          List.of(prefix), model, because + "'%s' is a pool".formatted(prefix));
    }
    if (text.startsWith(SENTENCE_TRANSFORMERS)) {
      Optional<String> local = servers.local(model);
      if (local.isPresent()) {
        return new ModelTarget.Exact(
            local.get(), because + "'%s' is a local model".formatted(local.get()));
      }
    }
    Optional<ProviderFamily> maker = ProviderFamily.ofMaker(prefix);
    if (maker.isPresent() && !servers.pools(maker.get()).isEmpty()) {
      return new ModelTarget.AtPools(
          servers.pools(maker.get()),
          model,
          because + "'%s' is the maker of its pools' models".formatted(prefix));
    }
    List<String> ollama = servers.pools(ProviderFamily.OLLAMA);
    if (prefix.indexOf('.') > 0 && text.indexOf(':') > 0 && !ollama.isEmpty()) {
      return new ModelTarget.AtPools(
          ollama, text, because + "Ollama takes models of '%s'".formatted(prefix));
    }
    List<String> openRouter = servers.pools(ProviderFamily.OPENROUTER);
    return openRouter.isEmpty()
        ? anybody(because)
        : new ModelTarget.AtPools(
            openRouter, text, because + "OpenRouter names models MAKER/MODEL");
  }

  private ModelTarget plain(ModelServers servers, String because) {
    Optional<ProviderFamily> maker = ProviderFamily.ofModel(text);
    if (maker.isPresent()) {
      String whose = because + "'%s' is a name of %s's".formatted(text, maker.get().title());
      List<String> own = servers.pools(maker.get());
      if (!own.isEmpty()) {
        return new ModelTarget.AtPools(own, text, whose);
      }
      List<String> openRouter = servers.pools(ProviderFamily.OPENROUTER);
      if (!openRouter.isEmpty()) {
        return new ModelTarget.AtPools(
            openRouter, maker.get().maker() + "/" + text, whose + ", whom OpenRouter stands for");
      }
    }
    List<String> ollama = servers.pools(ProviderFamily.OLLAMA);
    if (maker.isEmpty() && text.indexOf(':') > 0 && !ollama.isEmpty()) {
      return new ModelTarget.AtPools(ollama, text, because + "NAME:TAG is a name of Ollama's");
    }
    return anybody(because);
  }

  private ModelTarget anybody(String because) {
    return new ModelTarget.Exact(
        text, because + "no worker names '%s', but one may take it".formatted(text));
  }
}
